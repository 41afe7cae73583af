"""Invoices as a person typed them, and our bill beside them."""

from datetime import date
from pathlib import Path

import pytest

from home_energy.analysis.tariffs.invoices import compare_invoices, read_invoices
from home_energy.domain.bill import Bill, BillLine, LineKind
from home_energy.errors import ConfigError

NOVEMBER = """
[[invoice]]
from = 2024-11-01
to = 2024-11-30
total_aud = 212.45
"""
OCTOBER = """
[[invoice]]
from = 2024-10-01
to = 2024-10-31
total_aud = -3.20
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "invoices.toml"


def billed(first: date, last: date) -> Bill:
    amounts = {
        LineKind.USAGE: 190.005,
        LineKind.FEED_IN: -7.5,
        LineKind.SUPPLY: 31.0,
        LineKind.DISCOUNT: -1.0,
    }
    lines = tuple(
        BillLine(first.replace(day=1), kind, "", None, "", None, aud, 0.0)
        for kind, aud in amounts.items()
    )
    return Bill("amber", first, last, lines)


def test_invoices_are_read_in_order_of_time(path: Path) -> None:
    path.write_text(NOVEMBER + OCTOBER, encoding="utf-8")

    october, november = read_invoices(path)

    assert (october.first, october.last) == (date(2024, 10, 1), date(2024, 10, 31))
    assert october.total_aud == -3.20
    assert november.total_aud == 212.45


def test_our_bill_is_laid_beside_the_invoice_in_cents(path: Path) -> None:
    path.write_text(NOVEMBER, encoding="utf-8")

    (row,) = compare_invoices(read_invoices(path), billed)

    assert (row.first, row.last) == (date(2024, 11, 1), date(2024, 11, 30))
    assert (row.usage_aud, row.feed_in_aud, row.other_aud) == (190.005, -7.5, 30.0)
    # 190.005 - 7.50 + 31.00 - 1.00 = 212.505 against 212.45: 5.5 c.
    assert row.difference_c == pytest.approx(5.5, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NOVEMBER.replace("total_aud", "total"), "did you mean total_aud"),
        (NOVEMBER.replace("212.45", '"much"'), "total_aud"),
        (NOVEMBER.replace("212.45", "nan"), "total_aud"),
        (NOVEMBER.replace("2024-11-30", "2024-10-30"), "is before `from` 2024-11-01"),
        (NOVEMBER.replace("to = 2024-11-30", ""), "to: this key is required"),
        (NOVEMBER.replace("2024-11-30", "2024-11-31"), "not readable as TOML"),
        (NOVEMBER + OCTOBER.replace("10-31", "11-01"), "share days"),
        (NOVEMBER + NOVEMBER, "share days"),
        ("", "invoice: this key is required"),
        ("invoices = []", "unknown key"),
    ],
)
def test_a_faulty_file_is_refused_with_its_fault(
    path: Path, text: str, said: str
) -> None:
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=said) as refused:
        read_invoices(path)

    assert str(refused.value).startswith(str(path))
    assert "from = 2024-11-01" in str(refused.value)  # what to write


def test_a_missing_file_is_refused(path: Path) -> None:
    with pytest.raises(ConfigError, match="not readable as TOML"):
        read_invoices(path)


def test_a_binary_file_is_refused(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04\xff\xfe\x00")

    with pytest.raises(ConfigError, match="not readable as TOML"):
        read_invoices(path)
