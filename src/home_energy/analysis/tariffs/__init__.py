"""What a kilowatt-hour costs beforehand, and what a home is billed afterwards."""
