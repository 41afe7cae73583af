"""The manual says what the program does."""

import re
from pathlib import Path
from typing import get_args

import pytest
import typer
from pydantic import BaseModel

import home_energy.errors
from home_energy.cli.application import app
from home_energy.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def commands() -> dict[str, str]:
    """Every command with its help."""
    group = typer.main.get_command(app)
    found: dict[str, str] = {}
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        for sub, leaf in (inner or {"": command}).items():
            found[f"{name} {sub}".strip()] = leaf.help or ""
    return found


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_has_help_and_stands_in_the_readme(name: str) -> None:
    assert commands()[name]
    assert f"`home-energy {name}" in README


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"`home-energy ([a-z]+)", README))

    assert named <= {name.split()[0] for name in commands()}


def test_the_example_configuration_is_the_default(tmp_path: Path) -> None:
    example = (ROOT / "config" / "home.example.toml").read_text()
    config = tmp_path / "config"
    config.mkdir()
    (config / "home.toml").write_text(example)

    settings = load_settings(config, {})

    default = Settings()
    assert settings.dashboard == default.dashboard
    assert settings.amber == default.amber
    assert settings.home.timezone == default.home.timezone
    assert settings.home.store == tmp_path / default.home.store


SECRETS = {"key", "pin", "token", "username", "password", "webhook_url"}


def keys_of(model: type[BaseModel]) -> set[str]:
    """Every key of a section and of the tables in it."""
    keys = set(model.model_fields)
    for field in model.model_fields.values():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                keys |= keys_of(kind)
    return keys


@pytest.mark.parametrize("section", sorted(Settings.model_fields))
def test_every_setting_stands_in_the_example(section: str) -> None:
    example = (ROOT / "config" / "home.example.toml").read_text()
    model = type(getattr(Settings(), section))

    set_here = r"(?:^#? ?|[{,] )(\w+) = "
    headings = r"^#? ?\[\[?[\w.]*?(\w+)\]"
    named = set(re.findall(f"{set_here}|{headings}", example, re.MULTILINE))

    assert keys_of(model) - SECRETS <= {one or other for one, other in named}


def block_at(example: str, heading: str) -> str:
    """One block of the example that is commented out, without its marks."""
    block = example[example.index(f"# {heading}") :].split("\n\n", maxsplit=1)[0]
    return "\n".join(line.removeprefix("# ") for line in block.splitlines())


@pytest.mark.parametrize("heading", ["[[power.emon]]", "[[power.topics]]"])
def test_what_the_example_leaves_out_can_be_put_in(
    heading: str, tmp_path: Path
) -> None:
    example = (ROOT / "config" / "home.example.toml").read_text()
    (tmp_path / "home.toml").write_text(
        '[power.mqtt]\nhost = "192.168.1.10"\n' + block_at(example, heading)
    )

    power = load_settings(tmp_path, {}).power

    assert len(power.emon) + len(power.topics) == 1


def test_the_gateway_and_the_feeds_of_the_example_can_be_put_in(
    tmp_path: Path,
) -> None:
    example = (ROOT / "config" / "home.example.toml").read_text()
    blocks = [
        block_at(example, heading)
        for heading in ("[power.emoncms]", "[power.emoncms.feeds]", "[power.powerwall]")
    ]
    (tmp_path / "home.toml").write_text("\n".join(blocks))

    power = load_settings(tmp_path, {}).power

    assert len(power.told()) == 2 + 4


def test_the_drawn_tree_of_errors_is_the_tree() -> None:
    module = home_energy.errors
    drawn = set(re.findall(r"[├└] (\w+)", module.__doc__ or ""))

    defined = {
        name
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, module.HomeEnergyError)
    }

    assert drawn == defined - {"HomeEnergyError"}


def pages() -> list[Path]:
    """Every page of ours: hidden folders hold what others wrote."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize(
    "page",
    pages(),
    ids=lambda path: path.relative_to(ROOT).as_posix(),
)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    text = page.read_text()
    links = re.findall(r"\]\(([^)#:\s]+)\)|src=\"([^\"]+)\"", text)

    for link in [a or b for a, b in links]:
        assert (page.parent / link).exists(), link
