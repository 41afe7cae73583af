"""What the power costs: this month so far, projected, and the last months."""
