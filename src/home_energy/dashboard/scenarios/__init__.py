"""The scenarios of the last report, with its charts."""
