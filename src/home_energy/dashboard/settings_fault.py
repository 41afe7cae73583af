"""What the screen shows while the settings cannot be used: which fault, what to do."""

from http import HTTPStatus

from flask import Flask, Response, render_template

from home_energy.dashboard.access import refuse_strange_host
from home_energy.dashboard.guard import guard


def create_fault_app(fault: str) -> Flask:
    """Application that answers every address with one page.

    Parameters
    ----------
    fault
        What is wrong with the settings; it holds no secret.
    """
    app = Flask(__name__)
    app.before_request(refuse_strange_host)
    app.after_request(guard)

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def show(path: str) -> Response:
        del path
        page = render_template("settings_fault.html", fault=fault)
        return Response(page, HTTPStatus.SERVICE_UNAVAILABLE)

    return app
