"""What the home's power costs: this hour, so far, and when to run what."""
