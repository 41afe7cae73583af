"""`/metrics` in Prometheus' text format, see docs/metrics.md."""

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest

from home_energy.dashboard.context import HomeContext, home_context
from home_energy.dashboard.metrics.figures import HomeFigures, Record
from home_energy.dashboard.now import read_now
from home_energy.errors import StoreError

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

blueprint = Blueprint("metrics", __name__, url_prefix="/metrics")


@blueprint.get("")
def show() -> Response:
    """Show every figure; that the store cannot be read is one of them."""
    context = home_context()
    registry = CollectorRegistry()
    is_demo = context.settings.amber.is_demo
    registry.register(
        HomeFigures(_record(context), is_demo=is_demo, machine=context.machine.look())
    )
    response = Response(generate_latest(registry), content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _record(context: HomeContext) -> Record | None:
    try:
        store = context.store()
        now = read_now(store, context.settings, context.clock)
        return Record(now, store.schema_number())
    except StoreError:
        context.drop_store()
        return None
