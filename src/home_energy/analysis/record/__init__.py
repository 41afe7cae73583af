"""What is on record, from every source, and whether to believe it."""
