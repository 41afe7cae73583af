"""When to start what can wait, and how often such advice was right."""
