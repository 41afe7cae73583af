"""`/metrics` as Prometheus reads it: what is not known is absent."""

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.dashboard.recorded_home import (
    CANARY_TOKEN,
    NOON,
    RecordedHome,
    price,
)

from home_energy import __version__
from home_energy.dashboard.metrics.figures import HomeFigures, Record
from home_energy.dashboard.now import Now
from home_energy.dashboard.power_now import PowerMoment
from home_energy.domain.home_power import StreamPower
from home_energy.domain.power import Stream
from home_energy.domain.price import Channel, PriceContext
from home_energy.domain.verdict import Decision, Verdict, VerdictBasis
from home_energy.errors import SourceUnavailable

MINUTE = timedelta(minutes=1)
Labels = tuple[tuple[str, str], ...]


def asked(home: RecordedHome) -> dict[str, dict[Labels, float]]:
    """Figures by name and labels, as Prometheus' own parser reads them."""
    answer = home.client().get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    return parsed(answer.get_data(as_text=True))


def parsed(text: str) -> dict[str, dict[Labels, float]]:
    found: dict[str, dict[Labels, float]] = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        for sample in family.samples:
            assert math.isfinite(sample.value)
            short = sample.name.removeprefix("home_energy_")
            labels = tuple(sorted(sample.labels.items()))
            found.setdefault(short, {})[labels] = sample.value
    return found


def of(**labels: str) -> Labels:
    return tuple(sorted(labels.items()))


def of_power(now: PowerMoment) -> Mapping[str, Mapping[Labels, float]]:
    moment = Now(NOON, None, {}, None, {}, None, [], is_demo=False, power=now)
    figures = HomeFigures(Record(moment, 1), is_demo=False)
    return {
        family.name.removeprefix("home_energy_"): {
            of(**sample.labels): sample.value for sample in family.samples
        }
        for family in figures.collect()
    }


def test_prices_are_in_dollars_and_feed_in_is_positive_when_paid(
    tmp_path: Path,
) -> None:
    home = RecordedHome(tmp_path)
    home.save([price(NOON, 28.4), price(NOON, 5.25, Channel.FEED_IN)])

    found = asked(home)

    assert found["price_aud_per_kwh"] == pytest.approx(
        {of(channel="general"): 0.284, of(channel="feed_in"): 0.0525}
    )
    assert found["price_age_seconds"][of(channel="general")] == 0.0
    assert found["price_spike"] == {(): 0.0}
    steps = found["price_freshness"]
    fresh = of(channel="general", freshness="fresh")
    assert steps[fresh] == 1.0
    assert sum(steps.values()) == 2.0  # one step for each channel


def test_a_price_that_is_stale_is_absent_and_its_age_is_told(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    home.save([price(NOON, 28.4)])
    home.clock.time = NOON + 15 * MINUTE  # it was good until 12:05

    found = asked(home)

    assert "price_aud_per_kwh" not in found
    assert "price_spike" not in found
    assert found["price_age_seconds"] == {of(channel="general"): 600.0}
    assert found["price_freshness"][of(channel="general", freshness="stale")] == 1.0


def test_a_home_without_prices_has_none(tmp_path: Path) -> None:
    found = asked(RecordedHome(tmp_path))

    assert "price_aud_per_kwh" not in found
    assert "price_age_seconds" not in found
    assert found["price_freshness"][of(channel="general", freshness="none")] == 1.0
    assert "verdict" not in found
    assert "power_watts" not in found
    assert "cost_aud_per_hour" not in found
    assert "collector_last_seen_timestamp_seconds" not in found


def test_without_a_trusted_time_nothing_is_of_now(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    home.save([price(NOON, 28.4)])
    home.clock.synchronised = False

    found = asked(home)

    assert found["time_trusted"] == {(): 0.0}
    assert "price_aud_per_kwh" not in found
    assert "price_age_seconds" not in found


def test_the_verdict_is_one_of_three(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    home.save([price(NOON, 28.4)])
    decision = Decision(Verdict.CHEAP, VerdictBasis.OWN_HISTORY, NOON, NOON, None)
    home.store.verdicts.save(home.site_key, decision)

    assert asked(home)["verdict"] == {
        of(verdict="cheap"): 1.0,
        of(verdict="normal"): 0.0,
        of(verdict="expensive"): 0.0,
    }


def test_power_has_its_sign_and_its_age() -> None:
    heard = StreamPower(-1500.0, NOON - 10 * MINUTE / 60, MINUTE, ("meter",))
    old = StreamPower(900.0, NOON - 5 * MINUTE, MINUTE, ("inverter",))

    found = of_power(
        PowerMoment(
            is_set_up=True,
            streams={Stream.GRID: heard, Stream.SOLAR: old},
            cost_aud_per_hour=-0.12,
        )
    )

    assert found["power_watts"] == {of(stream="grid"): -1500.0}
    assert found["power_age_seconds"] == {
        of(stream="grid"): 10.0,
        of(stream="solar"): 300.0,
    }
    assert found["cost_aud_per_hour"] == {(): -0.12}


def test_sources_are_up_or_down_by_task(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    sources = home.store.sources
    sources.record_success("amber", "prices now", NOON - MINUTE)
    sources.record_failure("mqtt", "power", NOON, SourceUnavailable("away"))

    found = asked(home)

    assert found["source_up"] == {
        of(source="amber", task="prices now"): 1.0,
        of(source="mqtt", task="power"): 0.0,
    }
    # 2026-11-22T01:00:00Z is 1795309200.
    assert found["source_last_success_timestamp_seconds"] == {
        of(source="amber", task="prices now"): 1795309140.0
    }
    assert found["collector_last_seen_timestamp_seconds"] == {(): 1795309200.0}


def test_a_message_that_was_sent_is_no_sign_of_the_collector(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    home.store.sources.record_success("ntfy", "notify", NOON)

    found = asked(home)

    assert found["source_up"] == {of(source="ntfy", task="notify"): 1.0}
    assert "collector_last_seen_timestamp_seconds" not in found


def test_a_label_may_hold_anything(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    name = 'the "old" meter\\\nupstairs'
    home.store.sources.record_success(name, "power", NOON)

    assert asked(home)["source_up"] == {of(source=name, task="power"): 1.0}


def test_a_spike_is_one(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    spike = PriceContext(spike_status="spike")
    home.save([replace(price(NOON, 1520.0), context=spike)])

    assert asked(home)["price_spike"] == {(): 1.0}


def test_the_program_and_its_record_are_told(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path, base_url="http://127.0.0.1:9/v1/")

    found = asked(home)

    assert found["build_info"] == {of(version=__version__): 1.0}
    assert found["demo"] == {(): 1.0}
    assert found["store_readable"] == {(): 1.0}
    assert found["store_schema_number"] == {(): float(home.store.schema_number())}


def test_a_record_that_cannot_be_read_is_a_figure(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    home.store.close()
    home.path.unlink()

    found = asked(home)

    assert found["store_readable"] == {(): 0.0}
    of_the_record = {name for name in found if not name.startswith("machine_")}
    assert of_the_record == {"build_info", "demo", "store_readable"}


def test_nothing_of_the_process_and_no_secret_is_told(tmp_path: Path) -> None:
    home = RecordedHome(tmp_path)
    home.save([price(NOON, 28.4)])

    text = home.client().get("/metrics").get_data(as_text=True)

    assert CANARY_TOKEN not in text
    assert "4102000000X" not in text  # the meter's number
    names = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    assert all(name.startswith("home_energy_") for name in names)
