"""The screen and the API: Flask pages over a store that is only read."""

from home_energy.dashboard.app import create_app

__all__ = ["create_app"]
