"""No module and no function outgrows one reading."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "home_energy"
MODULES = sorted(SOURCE.rglob("*.py"))
MOST_MODULE_LINES = 500
MOST_FUNCTION_LINES = 60


def _name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_module_and_its_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    long = [
        f"{node.name}, line {node.lineno}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > MOST_FUNCTION_LINES
    ]

    assert len(text.splitlines()) <= MOST_MODULE_LINES
    assert long == []


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 30
