# How anything is changed: said first, and with --dry-run only said. Sourced.
# shellcheck shell=bash

dry_run=
changes=0
doing=
advice=

say() { printf '%s\n' "$*"; }

warn() { printf 'home-energy: %s\n' "$*" >&2; }

fail() {
    warn "$*"
    advice=
    doing=
    exit 1
}

# Says where it stopped, whatever it was that did not work.
say_where_it_stopped() {
    local code=$?
    [ "$code" = 0 ] || [ -z "$doing" ] || warn "this did not work: $doing." \
        "${advice:+$advice. }Nothing is half done: run it again and it goes on."
}

# Say WORDS, then run COMMAND. Nothing is changed in another way than by this.
change() {
    changes=$((changes + 1))
    say "${dry_run:+would }$1"
    [ -z "$dry_run" ] || return 0
    doing=$1
    shift
    "$@"
    doing=
}

# Let the file PATH hold TEXT; a power cut leaves the old file or the new one. Without a
# mode it stays who may read it.
put_text() {
    local path=$1 text=$2 mode=${3:-} owner=${4:-root:root}
    ! holds "$path" "$text" || return 0
    change "write $path" write_text "$path" "$text" "$mode" "$owner"
}

holds() { [ -f "$1" ] && [ "$(cat "$1" && echo .)" = "$2"$'\n.' ]; }

write_text() {
    local path=$1 text=$2 mode=$3 owner=$4
    mkdir -p "$(dirname "$path")"
    if [ -z "$mode" ] && [ -e "$path" ]; then
        cp --attributes-only --preserve=mode,ownership "$path" "$path.new"
    else
        install -m "${mode:-644}" -o "${owner%:*}" -g "${owner#*:}" /dev/null "$path.new"
    fi
    printf '%s\n' "$text" >"$path.new"
    sync "$path.new"
    mv -f "$path.new" "$path"
}

# Let the file PATH be as the file FROM.
put_file() {
    cmp -s "$1" "$2" || put_text "$2" "$(cat "$1")" "${3:-644}"
}

# Let there be no file PATH.
drop() {
    if [ -e "$1" ] || [ -L "$1" ]; then change "remove $1" rm -rf "$1"; fi
}
