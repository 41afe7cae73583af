"""Which of AEMO's files a file is, by what is in it: names are changed by people."""

import re

from home_energy.ingestion.sources.aemo import read_aemo
from home_energy.ingestion.sources.aemo_predispatch import read_aemo_predispatch
from home_energy.ingestion.sources.aemo_rooftop import WIDE_STAMP, read_aemo_rooftop
from home_energy.ingestion.sources.source_file import FileContent, SourceFile

_ROOFTOP = re.compile(
    rb"\A(?:\xef\xbb\xbf)?" + WIDE_STAMP.encode() + rb"|^I,ROOFTOP,ACTUAL,",
    re.IGNORECASE | re.MULTILINE,
)
_PREDISPATCH = re.compile(
    rb"^I,PREDISPATCH,REGION_PRICES,", re.IGNORECASE | re.MULTILINE
)


def read_aemo_file(file: SourceFile) -> FileContent:
    """Prices, pre-dispatch forecasts or rooftop solar, whichever a file holds.

    Raises
    ------
    DataError
        If it is none of them, or what it holds cannot be.
    """
    if _ROOFTOP.search(file.content):
        return read_aemo_rooftop(file)
    if _PREDISPATCH.search(file.content):
        return read_aemo_predispatch(file)
    return read_aemo(file)
