"""The Flask application: settings and clock in, pages out."""

from flask import Flask

from home_energy.dashboard import frame
from home_energy.dashboard.access import guard_access
from home_energy.dashboard.api import routes as api
from home_energy.dashboard.api import what_if as what_if_api
from home_energy.dashboard.api.problems import register_problems
from home_energy.dashboard.bill import routes as bill
from home_energy.dashboard.context import HomeContext
from home_energy.dashboard.costs import routes as costs
from home_energy.dashboard.device import routes as device
from home_energy.dashboard.guard import guard
from home_energy.dashboard.health import alive
from home_energy.dashboard.health import routes as health
from home_energy.dashboard.history import routes as history
from home_energy.dashboard.home import routes as home
from home_energy.dashboard.metrics import routes as metrics
from home_energy.dashboard.pin import routes as pin
from home_energy.dashboard.pin.door import PinDoor
from home_energy.dashboard.scenarios import routes as scenarios
from home_energy.dashboard.what_if import routes as what_if
from home_energy.domain.clock import Clock
from home_energy.settings import Settings
from home_energy.systemd import ServiceManager


def create_app(
    settings: Settings, clock: Clock, manager: ServiceManager | None = None
) -> Flask:
    """Make the application for one home.

    Parameters
    ----------
    settings
        The home; its store is opened for reading only, anew for each request.
    clock
        Where `now` comes from.
    manager
        Who watches over this program, if somebody does.
    """
    app = Flask(__name__)
    context = HomeContext(settings, clock, manager)
    app.extensions["home_energy"] = context
    # A millisecond a request, and nothing is held open: not by an idle thread, and
    # not on a file that was moved away meanwhile.
    app.teardown_appcontext(lambda _error: context.drop_store())
    app.context_processor(frame.page_frame)
    app.after_request(guard)
    chosen = settings.dashboard
    guard_access(app, PinDoor(chosen.pin, clock), chosen.host)
    for room in (
        home,
        costs,
        history,
        bill,
        what_if,
        scenarios,
        health,
        alive,
        device,
        pin,
        metrics,
        api,
        what_if_api,
    ):
        app.register_blueprint(room.blueprint)
    register_problems(app)
    return app
