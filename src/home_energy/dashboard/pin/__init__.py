"""The PIN that lets a phone or a laptop in the home change something."""
