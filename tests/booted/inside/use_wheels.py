"""Import every wheel that has machine code, and let it do something.

Prints JSON: what each gave, and how long that took. Run by an installed release's own
Python. A wheel with machine code that is not known here is a fault: the next dependency
is not to slip through.
"""

import io
import json
import mmap
import sys
import time
from collections.abc import Callable
from datetime import date
from importlib import import_module, metadata


def _cffi() -> object:
    kit = import_module("cffi").FFI()
    kit.cdef("size_t strlen(const char *);")
    return kit.dlopen(None).strlen(b"four")


def _charset_normalizer() -> object:
    found = import_module("charset_normalizer").from_bytes("Zähler".encode("latin-1"))
    return found.best() is not None


def _cryptography() -> object:
    key = import_module("cryptography.fernet").Fernet(b"0" * 43 + b"=")
    return key.decrypt(key.encrypt(b"a")).decode()


def _h5py() -> object:
    with import_module("h5py").File(io.BytesIO(), "w") as file:
        file["a"] = [1, 2, 3]
        return int(file["a"][:].sum())


def _llvmlite() -> object:
    binding = import_module("llvmlite.binding")
    binding.initialize_native_target()
    return binding.Target.from_default_triple().create_target_machine() is not None


def _markupsafe() -> object:
    import_module("markupsafe._speedups")
    return str(import_module("markupsafe").escape("<"))


def _numba() -> object:
    numba, numpy = import_module("numba"), import_module("numpy")

    @numba.njit  # type: ignore[untyped-decorator,unused-ignore]
    def squares(values):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        total = 0.0
        for value in values:
            total += value * value
        return total

    return squares(numpy.arange(4.0))


def _numpy() -> object:
    numpy = import_module("numpy")
    return round(float(numpy.linalg.solve([[2.0, 0.0], [0.0, 4.0]], [1.0, 1.0])[1]), 9)


def _pandas() -> object:
    pandas = import_module("pandas")
    stamps = pandas.date_range("2025-10-05", periods=4, freq="h", tz="Australia/Sydney")
    return int(stamps[-1].hour)


def _protobuf() -> object:
    wrappers = import_module("google.protobuf.wrappers_pb2")
    import_module("google._upb._message")
    sent = wrappers.Int32Value(value=7).SerializeToString()
    return wrappers.Int32Value.FromString(sent).value


def _pyarrow() -> object:
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    file = io.BytesIO()
    parquet.write_table(arrow.table({"a": list(range(1000))}), file)
    file.seek(0)
    return sum(parquet.read_table(file)["a"].to_pylist())


def _pydantic_core() -> object:
    core = import_module("pydantic_core")
    return core.SchemaValidator({"type": "int"}).validate_python("12")


def _pyxirr() -> object:
    # 100 that become 110 in a year of 365 days.
    rate = import_module("pyxirr").xirr(
        [date(2025, 1, 1), date(2026, 1, 1)], [-100.0, 110.0]
    )
    return round(rate, 9)


def _scipy() -> object:
    optimize = import_module("scipy.optimize")
    done = optimize.linprog([-1.0, -2.0], A_ub=[[1.0, 1.0]], b_ub=[3.0])
    return round(float(done.fun), 9)


USES: dict[str, tuple[Callable[[], object], object]] = {
    "cffi": (_cffi, 4),
    "charset-normalizer": (_charset_normalizer, True),
    "cryptography": (_cryptography, "a"),
    "h5py": (_h5py, 6),
    "llvmlite": (_llvmlite, True),
    "markupsafe": (_markupsafe, "&lt;"),
    "numba": (_numba, 14.0),
    "numpy": (_numpy, 0.25),
    # From 0:00 three hours on, of which the clock leaves out the one from 2:00.
    "pandas": (_pandas, 4),
    "protobuf": (_protobuf, 7),
    "pyarrow": (_pyarrow, 499500),
    "pydantic-core": (_pydantic_core, 12),
    "pyxirr": (_pyxirr, 0.1),
    "scipy": (_scipy, -6.0),
}
"""What each does, and what comes out."""


def with_machine_code() -> set[str]:
    """Names of what is installed and is not pure Python, by its wheel's own word."""
    return {
        one.metadata["Name"].lower().replace("_", "-")
        for one in metadata.distributions()
        if "Root-Is-Purelib: false" in (one.read_text("WHEEL") or "")
    }


def main() -> None:
    """Use them all, and print what they gave."""
    told: dict[str, object] = {"page_bytes": mmap.PAGESIZE, "python": sys.version}
    told["unknown"] = sorted(with_machine_code() - set(USES))
    used = {}
    for name in sorted(with_machine_code() & set(USES)):
        use, expected = USES[name]
        began = time.monotonic()
        try:
            given, fault = use(), None
        except Exception as error:  # noqa: BLE001 - the next one is tried all the same
            given, fault = None, repr(error)
        used[name] = {
            "is_right": given == expected,
            "given": repr(given),
            "fault": fault,
            "seconds": round(time.monotonic() - began, 2),
        }
    told["used"] = used
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
