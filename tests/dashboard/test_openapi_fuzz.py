"""The API against its own document, with questions nobody would ask by hand."""

from datetime import date, timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)

from home_energy.dashboard.api.openapi import document
from home_energy.dashboard.api.what_if_keeper import WhatIfKeeper
from tests.analysis.sweep.swept_homes import swept_home
from tests.dashboard.recorded_home import (
    NOON,
    RecordedHome,
    StandingClock,
    price_run,
)

CASES_PER_OPERATION = 60
"""Beside the some twenty made from the document: wrong methods, edges, repetitions."""

LONG_SECONDS = 120

_CONFIG = SchemathesisConfig(
    projects=ProjectsConfig(
        default=ProjectConfig(
            generation=GenerationConfig(
                max_examples=CASES_PER_OPERATION, deterministic=True
            ),
            checks=ChecksConfig(
                # Two times at random lie years apart: a period that is refused.
                positive_data_acceptance=PositiveDataAcceptanceConfig(
                    expected_statuses=["2xx", "304", "422"]
                )
            ),
        )
    )
)
schema = schemathesis.openapi.from_dict(document(), config=_CONFIG)


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    home = RecordedHome(tmp_path_factory.mktemp("home"))
    home.save(price_run(NOON - timedelta(hours=2), [20.0 + i for i in range(25)]))
    home.is_collecting()
    application = home.client().application
    # This home has prices of two hours; the sliders are those of one with a month.
    store, settings = swept_home(tmp_path_factory.mktemp("tried"), date(2025, 7, 23))
    store.close()
    sliders = WhatIfKeeper(settings, StandingClock())
    assert sliders.wait(LONG_SECONDS).what_if is not None
    application.extensions["home_energy"].what_if = sliders
    return application


@schema.parametrize()
def test_every_answer_is_as_documented(
    case: schemathesis.Case[Any], application: Flask
) -> None:
    case.call_and_validate(app=application)
