# How a release is made, checked and switched to. Sourced by install.sh, update.sh and
# rollback.sh; a release is one folder with everything that its programs need:
#
#     /opt/home-energy/releases/RELEASE/venv      Python and wheels
#                                      /pi        units, boot page, these scripts
#                                      /docs      what `systemctl help` names
#                                      /complete  written last
#     /opt/home-energy/current -> releases/RELEASE
# shellcheck shell=bash

CODE=/opt/home-energy
RELEASES=$CODE/releases
SETTINGS=/etc/home-energy
STATE=/var/lib/home-energy

say() { printf '%s\n' "$*"; }

fail() {
    printf 'home-energy: %s\n' "$*" >&2
    exit 1
}

# Whether systemd runs this machine; in a folder that only looks like one it does not.
has_systemd() { [ -d /run/systemd/system ]; }

# Name of the release that stands in SOURCE: its tag or commit, or its version.
release_name() {
    local source=$1
    git -C "$source" describe --tags --always --dirty 2>/dev/null ||
        sed -n 's/^version = "\(.*\)"/\1/p' "$source/pyproject.toml" | head -n 1
}

# Make the release NAME from SOURCE, unless it is there whole.
make_release() {
    local source=$1 name=$2
    local folder=$RELEASES/$name
    [ -e "$folder/complete" ] && return
    rm -rf "$folder"
    mkdir -p "$folder"
    python3 -m venv "$folder/venv"
    # Wheels only, each by its hash: nothing is compiled here, and nothing else comes.
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
        --no-cache-dir --only-binary=:all: --require-hashes \
        -r "$source/pi/requirements.txt"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
        --no-cache-dir --no-index --no-deps --no-build-isolation "$source"
    cp -r "$source/pi" "$source/docs" "$folder/"
    check_release "$folder"
    chmod -R go+rX,go-w "$folder"
    touch "$folder/complete"
}

# Whether the programs of a release start at all on this machine.
check_release() {
    "$1/venv/bin/home-energy" --version >/dev/null
    "$1/venv/bin/python" -c '
import numba, numpy, pandas, pvlib, pyarrow, pyxirr
import home_energy.cli, home_energy.dashboard.app, home_energy.ingestion.collector
'
}

# Let `current` name another release, at once or not at all.
switch_to() {
    ln -sfn "releases/$1" "$CODE/current.new"
    mv -T "$CODE/current.new" "$CODE/current"
}
