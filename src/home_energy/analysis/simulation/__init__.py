"""A home run through its intervals: what a battery does, and what flows where."""
