"""The machine this runs on: what it is, and how it does."""
