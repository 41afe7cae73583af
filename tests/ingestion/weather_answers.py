"""Composed answers of the services of weather, and who gives them in tests."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from home_energy.ingestion.sources.weather_service import WeatherQuestion

RECORDINGS = Path(__file__).parents[1] / "recordings"
NOW = datetime(2025, 4, 1, tzinfo=UTC)
DAY = date(2025, 3, 1)
QUESTION = WeatherQuestion(-37.8136, 144.9631, DAY, DAY, NOW)
HOURS = [datetime(1990, 1, 1) + timedelta(hours=i) for i in range(8760)]  # noqa: DTZ001
OPEN_METEO = "archive-api.open-meteo.com/v1/archive.json"
NASA_POWER = "power.larc.nasa.gov/api/temporal/hourly/point.json"


def recorded(path: str) -> Any:
    return json.loads((RECORDINGS / path).read_text(encoding="utf-8"))


def body_of(answer: object) -> bytes:
    return json.dumps(answer).encode()


def typical_answer(**location: object) -> Any:
    """PVGIS's typical year: 8,760 hours like the first, numbered by radiation.

    Global is the number of the hour within the year, direct that of the day, the
    temperature that of the hour within the day.
    """
    answer = recorded("re.jrc.ec.europa.eu/api/v5_3/tmy_first_hour.json")
    answer["inputs"]["location"].update(location)
    (first,) = answer["outputs"]["tmy_hourly"]
    rows = []
    for number in range(8760):
        moment = datetime(1990, 1, 1, tzinfo=UTC) + timedelta(hours=number)
        row = deepcopy(first)
        row["time(UTC)"] = f"{2005 + moment.month}{moment:%m%d:%H%M}"
        row["G(h)"], row["Gb(n)"] = float(number), float(number // 24)
        row["T2m"] = float(moment.hour)
        rows.append(row)
    answer["outputs"]["tmy_hourly"] = rows
    return answer


def service(
    answer: object, status: int = 200, headers: dict[str, str] | None = None
) -> tuple[httpx.Client, list[httpx.Request]]:
    """Client that is always given one answer, and the list of what it asked."""
    seen: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(status, json=answer, headers=headers)

    return httpx.Client(transport=httpx.MockTransport(reply)), seen


def silent(error: Callable[[str], Exception]) -> httpx.Client:
    """Client whose connection always fails."""

    def fail(_request: httpx.Request) -> httpx.Response:
        raise error("nobody there")

    return httpx.Client(transport=httpx.MockTransport(fail))


def epw(zone: float = 10.0, rows: list[str] | None = None) -> str:
    head = [
        f"LOCATION,Melbourne,VIC,AUS,IWEC,948660,-37.67,144.83,{zone},119.0",
        *["DESIGN CONDITIONS,0"] * 6,
        "DATA PERIODS,1,1,Data,Sunday,1/1,12/31",
    ]
    return "\n".join([*head, *(epw_rows() if rows is None else rows)]) + "\n"


def epw_rows() -> list[str]:
    """Global is the number of the hour, dry bulb the stamp's hour; years differ."""
    return [
        f"{1980 + start.month},{start.month},{start.day},{start.hour + 1},60,?9?9,"
        f"{start.hour + 1}.0,8.0,50,100000,0,0,300,{number},500,100,"
        "0,0,0,0,180,3.5,5,5,10,77777,9,999999999,0,0.1,0,88,0.2,0,0"
        for number, start in enumerate(HOURS)
    ]
