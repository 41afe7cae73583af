"""How this room's loops are compiled, and how long what was compiled is kept.

numba keeps machine code until the file of a function changes, also when another file
changed whose functions or figures it has taken in. Old code would then go on running
after an update, with wrong results. So it is kept here in a folder of its own for each
state of the room and of those within, and what is of other states is removed.
"""

import hashlib
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Never, cast

import numba
from numba.core import config

ROOM = Path(__file__).parent


def _load_without_scipy() -> None:
    """Load the part of numba that looks for linear algebra, and let it find none.

    No loop here has any, and loading scipy's takes a seventh of a run's whole time.
    """
    if "scipy.linalg" in sys.modules:
        return
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]  # cannot be imported
    try:
        import_module("numba.np.arraymath")
    finally:
        del sys.modules["scipy.linalg"]


_load_without_scipy()


def _folder() -> str:
    """Where machine code of the room as it is now is kept; elsewhere's are removed."""
    state = hashlib.sha256()
    for path in sorted(ROOM.rglob("*.py")):
        state.update(path.read_bytes())
    every = ROOM / "__pycache__" / "compiled"
    wanted = every / state.hexdigest()[:16]
    for other in every.glob("*"):
        if other != wanted:
            shutil.rmtree(other, ignore_errors=True)
    return str(wanted)


_SETTINGS = vars(config)  # which its types do not tell of
if not _SETTINGS["CACHE_DIR"]:  # nobody asked for another place
    _SETTINGS["CACHE_DIR"] = _folder()

# Nor do they tell of this: so it is of a type that fits any argument.
_LEFT_OUT = cast("dict[str, Never]", {"no_cfunc_wrapper": True})

compiled = numba.njit(cache=True, error_model="numpy", nogil=True, **_LEFT_OUT)
"""Division by zero gives infinity: checking for it takes 20 times as long.

Python's lock is given up, so that threads run years side by side. Of the two ways in
that numba makes for every loop, C's is left out: nobody comes by it, and making it took
a sixth of the time of compiling.
"""

numerical = numba.njit(
    cache=True,
    error_model="numpy",
    nogil=True,
    **_LEFT_OUT,
    fastmath={"reassoc", "contract", "nsz", "nnan"},
)
"""For sums in any order, so that several steps are done at once.

Not for a small difference of large numbers that has to be the same to the last bit
wherever it is used.
"""
