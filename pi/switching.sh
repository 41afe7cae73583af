# How a machine that runs goes over to another release, and back by itself. Sourced.
#
# While it is under way there is a file `unfinished` that says from where to where. A
# machine that loses its power meanwhile starts with the old release or the new one, and
# then home-energy-unfinished.service goes on here: it looks whether all is well, and
# goes back if not.
# shellcheck shell=bash

UNFINISHED=$CODE/unfinished

# Run a command as the user of the services, without the token.
as_user() {
    setpriv --reuid=home-energy --regid=home-energy --init-groups env -i \
        PATH=/usr/bin:/bin HOME="$STATE" LANG=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 \
        NUMBA_CACHE_DIR="$CACHE/numba" "$@"
}

# Run a program of RELEASE, with the settings below FOLDER.
program() {
    local release=$1 folder=$2
    shift 2
    as_user "$RELEASES/$release/venv/bin/python" -m home_energy --config "$folder" "$@"
}

# Number of the layout of the record in FILE.
layout_of() {
    as_user python3 -c 'import sqlite3, sys
path = "file:" + sys.argv[1] + "?mode=ro"
print(sqlite3.connect(path, uri=True).execute("PRAGMA user_version").fetchone()[0])' "$1"
}

# Copy the record, let NEW migrate and read the copy. Where it is kept is in $backup, and
# in $layout the layout that it has, if NEW changes it. Nothing in use is changed.
try_on_copy() {
    local old=$1 new=$2 trial code=0
    backup=
    layout=
    [ -e "$STATE/home.sqlite" ] || return 0
    backup=$(copy_before "$new")
    back_up "$old"
    trial=$(as_user mktemp -d "$STATE/trial.XXXXXX")
    try_below "$trial" "$old" "$new" || code=$?
    as_user rm -rf "$trial"
    [ $code = 0 ] || fail "release $new cannot be used with this record, see above:" \
        "nothing was changed, $old runs on"
}

# Where the record is kept as it was before a release ran.
copy_before() { echo "$STATE/backups/before-$1.sqlite.gz"; }

# Whether a release can read the record as it is.
knows_layout() {
    local known
    [ -e "$STATE/home.sqlite" ] || return 0
    known=$(as_user "$RELEASES/$1/venv/bin/python" -c \
        'from home_energy.store.migrations import MIGRATIONS; print(len(MIGRATIONS))')
    [ "$(layout_of "$STATE/home.sqlite")" -le "$known" ]
}

back_up() {
    as_user mkdir -p "$STATE/backups"
    as_user rm -f "$backup"
    program "$1" "$SETTINGS" upkeep --backup-to "$backup"
    sync
}

try_below() {
    local trial=$1 old=$2 new=$3 before after
    printf '[home]\nstore = "%s/home.sqlite"\n' "$trial" |
        as_user tee "$trial/home.toml" >/dev/null || return 1
    program "$old" "$trial" upkeep --restore "$backup" >/dev/null || return 1
    before=$(layout_of "$trial/home.sqlite") || return 1
    program "$new" "$trial" migrate || return 1
    after=$(layout_of "$trial/home.sqlite") || return 1
    [ "$before" = "$after" ] || layout=$before
    # Without a token it asks nobody; only what it says of the record counts here.
    { program "$new" "$trial" doctor --json || true; } | python3 -c 'import json, sys
bad = [each for each in json.load(sys.stdin)["checks"]
       if each["name"] == "store" and not each["is_ok"]]
sys.exit("; ".join(each["found"] for each in bad) or None)'
}

# Go over from OLD to NEW; if NEW does not do well, go back, say why, and end with 1.
go_over() {
    local old=$1 new=$2 needed
    needed=$(running_services | tr '\n' ' ')
    point previous "$old"
    write_text "$UNFINISHED" "$old $new ${layout:--} ${backup:--} $needed" 644 root:root
    finish "$old" "$new" "${layout:--}" "${backup:--}" "$needed"
}

finish_unfinished() {
    local old new layout backup needed
    read -r old new layout backup needed <"$UNFINISHED"
    say "going on with the update from $old to $new"
    finish "$old" "$new" "$layout" "$backup" "$needed"
}

# What is left to do, from wherever it was left.
finish() {
    local code=0
    set +e
    (
        set -e
        take_over "$@"
    )
    code=$?
    set -e
    if [ $code = 0 ]; then
        rm -f "$UNFINISHED"
        remove_old_releases
        return
    fi
    go_back "$@"
    fail "release $2 was not kept, for the reason above: $1 runs again"
}

take_over() {
    local old=$1 new=$2 layout=$3 backup=$4 needed=$5
    if [ "$(running_release)" != "$new" ]; then
        say "stopping the services"
        stop_units
        # The layout changes: what came in since the trial belongs into the copy, too.
        [ "$layout" = - ] || back_up "$old"
        knows_layout "$new" || restore_record "$new" "$old" "$(copy_before "$old")"
        say "switching to release $new"
        switch_to "$new"
    fi
    put_release_files "$RELEASES/$new"
    use_release_files anew
    say "looking whether all is well, for at most $WELL_WITHIN_SECONDS s"
    is_well_soon "$new" "$needed" || {
        warn "release $new does not do well: $problem; what it said last:"
        last_words >&2
        exit 1
    }
}

go_back() {
    local old=$1 new=$2 layout=$3 backup=$4 needed=$5
    say "going back to release $old"
    stop_units
    [ "$layout" = - ] || [ "$(layout_of "$STATE/home.sqlite")" = "$layout" ] ||
        restore_record "$old" "$new" "$backup"
    switch_to "$old"
    put_release_files "$RELEASES/$old"
    use_release_files anew
    rm -f "$UNFINISHED"
    is_well_soon "$old" "$needed" ||
        fail "$old does not do well either: $problem; sudo home-energy doctor tells more"
}

# The release of before cannot read the new layout: the copy of before takes its place.
restore_record() {
    local old=$1 new=$2 backup=$3 since
    since=$(date -r "$backup" '+%-d %B %H:%M')
    say "putting back the record of $since, for $new had changed its layout;" \
        "prices and usage since then are fetched again from Amber"
    program "$old" "$SETTINGS" upkeep --restore "$backup"
}

remove_old_releases() {
    local name
    for name in $(old_releases); do
        change "remove release $name" rm -rf "${RELEASES:?}/$name"
        as_user rm -f "$(copy_before "$name")"
    done
}
