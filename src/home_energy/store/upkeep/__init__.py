"""The care of the record where nobody tends it: backup, check, mending."""

from home_energy.store.upkeep.mending import (
    Mended,
    fault_of,
    mend,
    replaced_path,
    restore,
)
from home_energy.store.upkeep.nightly import Upkept, back_up_to, keep_up
from home_energy.store.upkeep.outcome import (
    LastRun,
    SetAside,
    UpkeepState,
    last_run,
    set_aside_files,
    upkeep_state,
)
from home_energy.store.upkeep.soundness import Sound

__all__ = [
    "LastRun",
    "Mended",
    "SetAside",
    "Sound",
    "UpkeepState",
    "Upkept",
    "back_up_to",
    "fault_of",
    "keep_up",
    "last_run",
    "mend",
    "replaced_path",
    "restore",
    "set_aside_files",
    "upkeep_state",
]
