"""Whether a purchase is worth it: what is paid, what comes back, and when."""
