"""The machine on the fridge: its page, its touches, its brightness."""
