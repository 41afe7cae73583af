"""A car's history, from the service that keeps it, into the record."""

from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from home_energy.ingestion.importing import FileImport, ImportedFile, import_answer
from home_energy.ingestion.sources.car_rows import CarFileOptions, CarUnits
from home_energy.ingestion.sources.tessie import read_tessie
from home_energy.ingestion.sources.tessie_service import (
    TessieAccount,
    TessieQuestion,
    fetch_tessie,
)


def import_tessie(
    store_path: Path,
    account: TessieAccount,
    question: TessieQuestion,
    zone: ZoneInfo,
    http: httpx.Client,
) -> list[ImportedFile]:
    """Ask Tessie for drives and charges, and keep them.

    Raises
    ------
    SourceError
        By its kind, if there is no whole answer; the store is as it was.
    DataError
        If an answer cannot be true.
    StoreError
        If the store cannot be written.
    """
    answers = fetch_tessie(http, account, question)
    options = CarFileOptions(zone, CarUnits(), account.vin)  # as it is asked for
    task = FileImport("tessie", partial(read_tessie, options=options), question.now)
    return [import_answer(store_path, answer, task) for answer in answers]
