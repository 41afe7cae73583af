# ruff: noqa: INP001 - scripts beside the shell scripts that run them
"""How the screen's program does: its release, its page's beats, and the last one's age.

Prints nothing where it does not answer. Its port is the one of home.toml.
"""

import json
import sys
import tomllib
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

ANSWER_WITHIN_SECONDS = 5.0


def port(home_toml: Path) -> int:
    """Port of the screen, the usual one where the file does not tell."""
    try:
        settings = tomllib.loads(home_toml.read_text(encoding="utf-8"))
        return int(settings["dashboard"]["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return 5050


def main() -> None:
    """Ask once."""
    url = f"http://127.0.0.1:{port(Path(sys.argv[1]))}/healthz"
    try:
        opener = build_opener(ProxyHandler({}))
        with opener.open(url, timeout=ANSWER_WITHIN_SECONDS) as answer:
            health = json.load(answer)
    except (URLError, OSError, ValueError):
        return
    age = health.get("page_beat_age_seconds")
    beat = -1 if age is None else round(age)
    print(health.get("release", "?"), health.get("page_beats", 0), beat)  # noqa: T201


if __name__ == "__main__":
    main()
