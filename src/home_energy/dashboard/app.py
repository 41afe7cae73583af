"""The Flask application: settings and clock in, pages out."""

from flask import Flask

from home_energy.dashboard.context import HomeContext
from home_energy.domain.clock import Clock
from home_energy.settings import Settings


def create_app(settings: Settings, clock: Clock) -> Flask:
    """Make the application for one home.

    Parameters
    ----------
    settings
        The home; its store is opened for reading only, once in each thread.
    clock
        Where `now` comes from.
    """
    app = Flask(__name__)
    app.extensions["home_energy"] = HomeContext(settings, clock)
    return app
