"""Live power: who connects to whom, and the inbox that all of them deliver into."""
