"""A day or a week of prices as a step chart, and a year of the record by days."""
