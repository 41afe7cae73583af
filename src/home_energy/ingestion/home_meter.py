"""Whose meter a file is about: another home's data must not become ours."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from home_energy.domain.meter_day import bare_nmi
from home_energy.domain.site import home_site
from home_energy.errors import ConfigError, DataError
from home_energy.ingestion.sources.source_file import FileContent
from home_energy.store import Store

if TYPE_CHECKING:
    from home_energy.domain.meter_day import MeterRecord

_HOW_TO_SET = 'set nmi = "..." under [home] in home.toml'


@dataclass(frozen=True, slots=True)
class HomeMeter:
    """The home's meter and who said so."""

    nmi: str
    said_by: str


def known_home_meter(
    store: Store, nmi: str | None, site_id: str | None
) -> HomeMeter | None:
    """Meter of the home by its settings, else by Amber, else by what is on record.

    Raises
    ------
    DataError
        If the record holds several meters and nobody says which is the home's.
    """
    if nmi is not None:
        return HomeMeter(nmi, "nmi in home.toml")
    with suppress(ConfigError):  # no site, or several: then Amber does not say
        site = home_site(store.sources.sites(), site_id)
        if site.nmi:
            return HomeMeter(site.nmi, "its site with Amber")
    on_record = {
        bare_nmi(register.nmi)
        for register in store.meter_days.registers()
        if register.nmi
    }
    if len(on_record) > 1:
        raise DataError(
            f"the record holds the meters {_listed(on_record)} and nobody says which "
            f"is the home's; {_HOW_TO_SET}"
        )
    return next((HomeMeter(nmi, "earlier files") for nmi in on_record), None)


def keep_home_only(
    files: Sequence[tuple[str, FileContent]], home: HomeMeter | None
) -> list[FileContent]:
    """Contents of named files without the meters of others, which are counted.

    Raises
    ------
    DataError
        If a file is about other meters only, or the home's is not known and the files
        are about several.
    """
    named = {bare_nmi(r.nmi) for _, content in files for r in content.meter if r.nmi}
    if home is None and len(named) > 1:
        raise DataError(
            f"{', '.join(name for name, _ in files)}: data of the meters "
            f"{_listed(named)}, one was expected; {_HOW_TO_SET} to choose the home's"
        )
    if home is None:
        home = next((HomeMeter(nmi, "the file") for nmi in named), None)
    return [_of_home(name, content, home) for name, content in files]


def _of_home(name: str, content: FileContent, home: HomeMeter | None) -> FileContent:
    named = {bare_nmi(register.nmi) for register in content.meter if register.nmi}
    if home is None or not named:
        return content
    if bare_nmi(home.nmi) not in named:
        raise DataError(
            f"{name}: data of meter {_listed(named)}, but the home's is {home.nmi} "
            f"(by {home.said_by}); take the home's file, or {_HOW_TO_SET}"
        )
    mine: MeterRecord = {}
    others_count = 0
    for register, days in content.meter.items():
        if register.nmi and bare_nmi(register.nmi) != bare_nmi(home.nmi):
            others_count += sum(day.known_count for day in days)
        else:
            bare = replace(register, nmi=bare_nmi(register.nmi))
            mine[bare] = mine.get(bare, []) + days
    problems = content.problems
    if others_count:
        others = _listed(named - {bare_nmi(home.nmi)})
        problems += (
            f"{name}: values of other meters ({others}) left out: {others_count}",
        )
    return replace(content, meter=mine, problems=problems)


def _listed(nmis: set[str]) -> str:
    return ", ".join(sorted(nmis))
