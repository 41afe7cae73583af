"""The home as a device of Home Assistant."""
