# ruff: noqa: INP001 - scripts beside the shell scripts that run them
"""Let the screen answer on another address: home.toml in, home.toml out.

Every other line stays as it is, with its comments. Ends with 1 and one line of why
where the file is not understood well enough to be changed.
"""

import re
import sys
import tomllib

_SECTION = re.compile(r"^\s*\[dashboard\]\s*(#.*)?$")
_OTHER_SECTION = re.compile(r"^\s*\[")
_HOST = re.compile(r"""^(\s*host\s*=\s*)("[^"]*"|'[^']*')""")
_LOOPBACK = "127.0.0.1"


def with_host(text: str, host: str) -> str:
    """Text of home.toml in which `[dashboard] host` is as asked.

    Raises
    ------
    ValueError
        If the file is no TOML, or says it in a way that is not looked for.
    """
    if tomllib.loads(text).get("dashboard", {}).get("host", _LOOPBACK) == host:
        return text
    changed = _changed(text.splitlines(), f'"{host}"')
    if tomllib.loads(changed)["dashboard"]["host"] != host:
        raise ValueError("host does not stand below [dashboard]")
    return changed


def _changed(lines: list[str], host: str) -> str:
    start = next((i for i, line in enumerate(lines) if _SECTION.match(line)), None)
    if start is None:
        return "\n".join([*lines, "", "[dashboard]", f"host = {host}", ""])
    for number in range(start + 1, len(lines)):
        if _OTHER_SECTION.match(lines[number]):
            break
        if _HOST.match(lines[number]):
            lines[number] = _HOST.sub(rf"\g<1>{host}", lines[number])
            return "\n".join([*lines, ""])
    lines.insert(start + 1, f"host = {host}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    try:
        sys.stdout.write(with_host(sys.stdin.read(), sys.argv[1]))
    except (ValueError, KeyError) as error:
        sys.exit(f"home.toml: {error}")
