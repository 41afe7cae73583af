"""What the home's power has cost so far, and what the month will come to."""
