# How a release is made, checked and switched to. Sourced by install.sh, update.sh and
# rollback.sh; a release is one folder with everything that its programs need:
#
#     /opt/home-energy/releases/RELEASE/venv      Python and wheels
#                                      /pi        units, boot page, these scripts
#                                      /docs      what `systemctl help` names
#                                      /scenarios questions for `home-energy report`
#                                      /complete  written last
#     /opt/home-energy/current  -> releases/RELEASE    what runs
#     /opt/home-energy/previous -> releases/RELEASE    what ran before it
#     /opt/home-energy/source.git                      where update.sh finds releases
# shellcheck shell=bash

CODE=/opt/home-energy
RELEASES=$CODE/releases
SETTINGS=/etc/home-energy
STATE=/var/lib/home-energy
CACHE=/var/cache/home-energy
GIT=$CODE/source.git
PIP_ADVICE="Look at the network (ping pypi.org), at the clock (date) and the free space"
KEPT_BESIDE_THE_RUNNING=2
A_RELEASE_MB=1500

# Whether systemd runs this machine; in a folder that only looks like one it does not.
has_systemd() { [ -d /run/systemd/system ]; }

# Git as root, for a clone that belongs to somebody else.
git_at() {
    HOME=${HOME:-/root} GIT_CONFIG_GLOBAL=$HERE/gitconfig GIT_TERMINAL_PROMPT=0 \
        git -C "$@"
}

# Name of the release that stands in SOURCE: its tag or commit, or its version. What is
# not committed is part of the name, so that no other content has it.
release_name() {
    local source=$1 name changed
    if ! name=$(git_at "$source" describe --tags --always 2>/dev/null); then
        sed -n 's/^version = "\(.*\)"/\1/p' "$source/pyproject.toml" | head -n 1
        return
    fi
    changed=$(git_at "$source" diff HEAD | sha1sum | cut -c -8)
    git_at "$source" diff --quiet HEAD || name=$name-changed-$changed
    printf '%s\n' "${name//\//-}"
}

running_release() { basename "$(readlink "$CODE/current" 2>/dev/null)" 2>/dev/null; }

previous_release() { basename "$(readlink "$CODE/previous" 2>/dev/null)" 2>/dev/null; }

# Whether a release is there whole and starts with the Python of this system.
is_whole() {
    [ -n "$1" ] && [ -e "$RELEASES/$1/complete" ] &&
        "$RELEASES/$1/venv/bin/home-energy" --version >/dev/null 2>&1
}

# Make the release NAME from SOURCE. What the running one has already is not fetched
# again and takes no room again: files are links to the same content, and pip never
# writes into a file, it puts another one in its place.
make_release() {
    local source=$1 name=$2
    local folder=$RELEASES/$name base packages
    base=$(running_release)
    rm -rf "$folder"
    mkdir -p "$folder"
    python3 -m venv --without-pip "$folder/venv"
    packages=$(packages_of "$folder")
    if [ "$base" != "$name" ] && is_whole "$base"; then
        cp -al "$(packages_of "$RELEASES/$base")/." "$packages"
    else
        "$folder/venv/bin/python" -m ensurepip >/dev/null
    fi
    install_wheels "$folder" "$source"
    leave_out "$packages"
    # Whoever runs the programs may not write beside them.
    "$folder/venv/bin/python" -m compileall -q -j 0 "$packages" >/dev/null || true
    cp -r "$source/pi" "$source/docs" "$source/scenarios" "$folder/"
    chmod -R go+rX,go-w "$folder"
    check_release "$folder"
    sync
    touch "$folder/complete"
    sync
}

packages_of() {
    "$1/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))'
}

# Wheels only, each by its hash: nothing is compiled here, and nothing else comes.
install_wheels() {
    local folder=$1 source=$2
    local pip=("$folder/venv/bin/python" -m pip install --quiet --no-compile
        --disable-pip-version-check --no-cache-dir --root-user-action ignore)
    "${pip[@]}" --only-binary=:all: --require-hashes -r "$source/pi/requirements.txt"
    "${pip[@]}" --no-index --no-deps --no-build-isolation "$source"
}

# What is in the wheels and never loaded here, a third of the room: tests of others,
# headers, Arrow for networks and clouds, Plotly's Python (its script alone is served).
leave_out() {
    local packages=$1
    find "$packages" -mindepth 2 -type d -name tests -prune -exec rm -rf {} +
    rm -rf "$packages"/pyarrow/{include,src,_flight.*,libarrow_flight.*} \
        "$packages"/pyarrow/{libarrow_python_flight.*,_s3fs.*,libarrow_s3.*} \
        "$packages"/plotly/{graph_objs,labextension,validators}
}

# Whether the programs of a release start at all on this machine.
check_release() {
    "$1/venv/bin/home-energy" --version >/dev/null
    "$1/venv/bin/python" -B -c '
import importlib, pkgutil
import numba, numpy, pandas, pvlib, pyarrow.parquet, pyxirr
import home_energy
for module in pkgutil.walk_packages(home_energy.__path__, "home_energy."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
'
}

# Let `current` name another release, at once or not at all.
switch_to() { point current "$1"; }

point() {
    ln -sfn "releases/$2" "$CODE/$1.new"
    mv -T "$CODE/$1.new" "$CODE/$1"
    sync "$CODE"
}

# Names of releases that are no longer kept: all but the running one, the one before it
# and the newest beside these.
old_releases() {
    local kept=0 name current previous
    current=$(running_release)
    previous=$(previous_release)
    [ -z "$previous" ] || [ "$previous" = "$current" ] || kept=1
    while read -r name; do
        case $name in '' | "$current" | "$previous") continue ;; esac
        if [ -e "$RELEASES/$name/complete" ] && [ $kept -lt $KEPT_BESIDE_THE_RUNNING ]
        then
            kept=$((kept + 1))
        else
            echo "$name"
        fi
    done < <(ls -t "$RELEASES" 2>/dev/null)
}

# Keep the source itself, for update.sh: from where the clone came that this is run from.
keep_source() {
    local origin head
    command -v git >/dev/null || return 0
    head=$(git_at "$SOURCE" rev-parse --verify --quiet HEAD) || return 0
    if [ ! -d "$GIT" ]; then
        origin=$(git_at "$SOURCE" remote get-url origin 2>/dev/null) || origin=$SOURCE
        case $origin in /*) [ -d "$origin" ] || origin=$SOURCE ;; esac
        change "keep the source in $GIT, updates from $origin" clone_source "$origin"
    elif ! git_at "$GIT" cat-file -e "$head" 2>/dev/null; then
        change "keep this version of the source in $GIT" git_at "$GIT" fetch --quiet \
            --tags "$SOURCE" HEAD
    fi
}

clone_source() {
    rm -rf "$GIT.new"
    git_at / clone --quiet --bare "$SOURCE" "$GIT.new"
    git_at "$GIT.new" remote set-url origin "$1"
    mv "$GIT.new" "$GIT"
}

# Refuses two at once.
be_the_only_one() {
    mkdir -p /run/lock
    exec 9>/run/lock/home-energy-release
    flock --nonblock 9 || fail "another install or update is running: wait for its end"
}

require_room() {
    local wanted=$1 free
    free=$(df --output=avail -m "$(nearest_folder "$CODE")" | tail -n 1 | tr -d ' ')
    [ "$free" -ge "$wanted" ] || fail "the card has $free MB free, $wanted are needed:" \
        "free some (sudo apt clean; sudo du -xh / --max-depth=2) or take a larger card"
}

nearest_folder() {
    local folder=$1
    while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
    echo "$folder"
}
