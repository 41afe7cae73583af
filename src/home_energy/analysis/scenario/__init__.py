"""From the record to a year that can be billed, and from there to a result."""
