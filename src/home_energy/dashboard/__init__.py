"""The screen and the API: Flask pages over a store that is only read."""
