"""Home Energy: the price now on the fridge, and what if for the same home."""

from importlib.metadata import version

__version__ = version("home-energy")
