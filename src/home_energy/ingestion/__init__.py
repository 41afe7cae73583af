"""How prices and readings come in: sources, the live loop, files."""
