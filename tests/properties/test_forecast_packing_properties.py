"""Packing and unpacking any forecasts gives them back exactly."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from home_energy.domain.forecast import Forecast, ForecastPoint
from home_energy.domain.price import Channel
from home_energy.store.forecast_packing import pack, unpack, unpack_newest

START = datetime(2025, 6, 10, tzinfo=UTC)
FIVE_MINUTES = timedelta(minutes=5)

# Five decimals, as Amber publishes: the float nearest to a whole number of 1e-5 c.
_PRICES = st.one_of(
    st.integers(-500_000, 10_000_000),
    st.integers(-(2**31) + 1, 2**31 - 1),
    st.sampled_from([0, -100_00000, 2030_00000]),
).map(lambda units: units / 100_000)
_OPTIONAL = st.none() | _PRICES


@st.composite
def _points(draw: st.DrawFn) -> tuple[ForecastPoint, ...]:
    cursor = START + draw(st.integers(0, 6)) * FIVE_MINUTES
    points = []
    for _ in range(draw(st.integers(0, 6))):
        minutes = draw(st.sampled_from([5, 30]))
        points.append(
            ForecastPoint(
                start=cursor,
                duration_minutes=minutes,
                c_per_kwh=draw(_PRICES),
                predicted_c_per_kwh=draw(_OPTIONAL),
                low_c_per_kwh=draw(_OPTIONAL),
                high_c_per_kwh=draw(_OPTIONAL),
                spot_c_per_kwh=draw(_OPTIONAL),
                spot_min_c_per_kwh=draw(_OPTIONAL),
                spot_max_c_per_kwh=draw(_OPTIONAL),
                is_spike_possible=draw(st.booleans()),
            )
        )
        cursor = points[-1].end + draw(st.sampled_from([0, 0, 3])) * FIVE_MINUTES
    return tuple(points)


@st.composite
def _issues(draw: st.DrawFn) -> list[Forecast]:
    """Some issues, each of some channels: like a block with its oddities."""
    seconds = draw(st.lists(st.integers(0, 21_599), unique=True, max_size=5))
    return [
        Forecast(channel, START + timedelta(seconds=second), draw(_points()))
        for second in sorted(seconds)
        for channel in Channel
        if draw(st.booleans())
    ]


@settings(deadline=None)
@given(forecasts=_issues(), data=st.data())
def test_unpacking_gives_back_exactly_what_was_packed(
    forecasts: list[Forecast], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(forecasts))

    packed = pack(shuffled)

    assert unpack(packed) == forecasts
    assert pack(unpack(packed)) == packed


@settings(deadline=None)
@given(forecasts=_issues(), second=st.integers(-10, 21_610))
def test_newest_of_a_block_is_the_newest_that_was_known(
    forecasts: list[Forecast], second: int
) -> None:
    at = START + timedelta(seconds=second)

    found = unpack_newest(pack(forecasts), int(at.timestamp()))

    known = [f for f in forecasts if f.issued_at <= at]
    newest = max((f.issued_at for f in known), default=None)
    assert found == [f for f in known if f.issued_at == newest]


@settings(deadline=None, max_examples=30)
@given(
    paths=st.lists(
        st.lists(st.none() | _PRICES, min_size=8, max_size=8), min_size=1, max_size=72
    )
)
def test_many_issues_of_the_same_intervals_come_back(
    paths: list[list[float | None]],
) -> None:
    """A real block: the same targets again and again, some absent at times."""
    forecasts = [
        Forecast(
            channel,
            START + i * FIVE_MINUTES,
            tuple(
                ForecastPoint(START + j * FIVE_MINUTES, 5, value, spot_c_per_kwh=value)
                for j, value in enumerate(values)
                if value is not None
            ),
        )
        for i, values in enumerate(paths)
        for channel in (Channel.GENERAL, Channel.FEED_IN)
    ]

    assert unpack(pack(forecasts)) == forecasts
