"""Plans as files: the household's own, and those that are shipped."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from home_energy.analysis.tariffs.plan import Plan
from home_energy.analysis.tariffs.rate_times import plan_faults
from home_energy.errors import ConfigError
from home_energy.toml_faults import explain, read_toml, suggestion

SHIPPED = Path(__file__).parent / "shipped"
_MANUAL = "docs/models/tariffs.md"


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """A plan that can be asked for by name.

    Parameters
    ----------
    title
        In words; what is wrong with the file if it cannot be used.
    is_shipped
        Whether it came with the program.
    is_usable
        Whether it can be loaded.
    """

    name: str
    title: str
    path: Path
    is_shipped: bool
    is_usable: bool


def load_plan(path: Path) -> Plan:
    """Read one plan.

    Raises
    ------
    ConfigError
        With every fault of the file at once: key, what was found, what is allowed.
    """
    tree = read_toml(path, f"compare it with {_MANUAL}")
    try:
        plan = Plan.model_validate(tree)
        faults = plan_faults(plan)
    except ValidationError as error:
        faults = explain(error, Plan)
    if faults:
        raise ConfigError(
            f"{path}: {'; '.join(faults)}; parts are counted from 1; see {_MANUAL}"
        )
    return plan


def find_plan(name_or_path: str, folder: Path) -> Plan:
    """Read the plan that a household means.

    Parameters
    ----------
    name_or_path
        A file, if it ends in `.toml`; else the name of one.
    folder
        Where the household keeps its own plans, looked at before the shipped ones.

    Raises
    ------
    ConfigError
        If there is no such plan, or its file is at fault.
    """
    if name_or_path.endswith(".toml"):
        return load_plan(Path(name_or_path).expanduser())
    paths = {path.stem: path for path in _files(folder)}
    if name_or_path not in paths:
        raise ConfigError(
            f"tariff {name_or_path!r} is neither in {folder} nor shipped"
            f"{suggestion(name_or_path, paths)}; or name a file that ends in .toml"
        )
    path = paths[name_or_path]
    plan = load_plan(path)
    if plan.name != path.stem:
        raise ConfigError(
            f"{path}: name: expected {path.stem!r} as the file is called, found "
            f"{plan.name!r}; change one of them"
        )
    return plan


def known_plans(folder: Path) -> list[KnownPlan]:
    """Plans that `find_plan` knows by name, in order of their names."""
    known = []
    for name, path in sorted({path.stem: path for path in _files(folder)}.items()):
        try:
            title, is_usable = find_plan(name, folder).title, True
        except ConfigError as error:
            title, is_usable = str(error), False
        known.append(KnownPlan(name, title, path, path.parent == SHIPPED, is_usable))
    return known


def _files(folder: Path) -> Iterator[Path]:
    """Shipped ones first, so that the household's own take their place by name."""
    yield from SHIPPED.glob("*.toml")
    yield from folder.glob("*.toml")
