"""What the home tells others: home automation and people."""
