"""The API against its own document, with questions nobody would ask by hand."""

from datetime import timedelta
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
from tests.dashboard.recorded_home import NOON, RecordedHome, price_run

CASES_PER_OPERATION = 60
"""Beside the some twenty made from the document: wrong methods, edges, repetitions."""

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
    return home.client().application


@schema.parametrize()
def test_every_answer_is_as_documented(
    case: schemathesis.Case[Any], application: Flask
) -> None:
    case.call_and_validate(app=application)
