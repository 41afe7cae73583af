"""A day or a week of prices as a step chart, its gaps shown as gaps."""
