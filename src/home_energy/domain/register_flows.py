"""What each register of a home counts."""

from collections.abc import Iterable, Mapping, Sequence

from home_energy.domain.meter_day import Flow, MeterRegister
from home_energy.errors import ConfigError


def assign_flows(
    registers: Sequence[MeterRegister],
    chosen: Mapping[str, Flow],
    site_channels: Mapping[str, Flow],
) -> dict[MeterRegister, Flow]:
    """What every register counts, by the first of these that says it.

    The source itself; the household's choice in `home.toml`; the retailer's list of
    the site's registers; the name: `B1` is feed-in, and the only E register of its
    meter whose meaning is open is general, unless another is general already.

    Parameters
    ----------
    registers
        Of one home, from any number of sources.
    chosen
        The household's choice by register name.
    site_channels
        What the retailer says of the site, by register name.

    Raises
    ------
    ConfigError
        If the meaning of a register stays open: a second E register is often
        controlled load, but not always, and the price depends on it.
    """
    said = {name.upper(): flow for name, flow in {**site_channels, **chosen}.items()}
    flows: dict[MeterRegister, Flow] = {}
    for register in registers:
        found = register.flow or said.get(register.name.upper())
        if found is None and register.name.upper().startswith("B"):
            found = Flow.FEED_IN
        if found is not None:
            flows[register] = found
    is_open = [register for register in registers if register not in flows]
    for register in is_open:
        if _is_the_general_one(register, is_open, flows):
            flows[register] = Flow.GENERAL
    left = [register for register in is_open if register not in flows]
    if left:
        raise _unclear(left)
    return flows


def _is_the_general_one(
    register: MeterRegister,
    is_open: Sequence[MeterRegister],
    flows: Mapping[MeterRegister, Flow],
) -> bool:
    """Whether no other register of the same meter and source could be general."""
    return (
        register.name.upper().startswith("E")
        and not any(
            other != register and _same_meter(other, register) for other in is_open
        )
        and not any(
            flow is Flow.GENERAL and _same_meter(other, register)
            for other, flow in flows.items()
        )
    )


def _same_meter(first: MeterRegister, second: MeterRegister) -> bool:
    return (first.source, first.nmi) == (second.source, second.nmi)


def _unclear(registers: Iterable[MeterRegister]) -> ConfigError:
    names = sorted({register.name for register in registers})
    sources = ", ".join(sorted({register.source for register in registers}))
    example = ", ".join(f'{name} = "..."' for name in names)
    return ConfigError(
        f"what the registers {', '.join(names)} ({sources}) count is not known; "
        f"expected one of {', '.join(Flow)}; write `flows = {{ {example} }}` under "
        "[meter] in home.toml (E1 is usually general, E2 usually controlled_load: "
        "an old bill says which)"
    )
