"""The model of the home: tariffs, bills, and what would have been."""
