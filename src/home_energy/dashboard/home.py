"""The first page: the price now, what it means, what comes next."""

from flask import Blueprint, render_template

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> str:
    """Show the screen on the fridge."""
    return render_template("home.html")
