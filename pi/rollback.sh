#!/bin/bash
# Goes back to the release that ran before. See docs/pi.md.
set -euo pipefail

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=pi/parts.sh
. "$HERE/parts.sh"

usage() {
    cat <<'WORDS'
sudo /opt/home-energy/current/pi/rollback.sh [options]

  --restore-record   also put back the record of before the update, where the release
                     of before cannot read what the record has become
  --help             these lines
WORDS
}

main() {
    [ "${1:-}" != --help ] || { usage; exit 0; }
    [ "$(id -u)" = 0 ] || fail "run it as root: sudo $0 $*"
    trap say_where_it_stopped EXIT
    be_the_only_one
    remember_kiosk
    [ ! -e "$UNFINISHED" ] || finish_unfinished
    local now before
    now=$(running_release)
    before=$(previous_release)
    if [ "$now" = "$before" ] || ! is_whole "$before"; then
        fail "there is no release to go back to; update.sh without a version lists all"
    fi
    ask_about_record "$now" "$before" "${1:-}"
    go_over "$now" "$before"
    say "release $before runs"
}

# Where the release of before cannot read the record, only a copy of before helps, and
# that is for a person to say: what came in since then is not in it.
ask_about_record() {
    local now=$1 before=$2 option=$3 copy since
    backup=
    layout=
    ! knows_layout "$before" || return 0
    copy=$(copy_before "$now")
    [ -e "$copy" ] || fail "$before cannot read the record, for $now has changed its" \
        "layout, and $copy is not there"
    since=$(date -r "$copy" '+%-d %B %H:%M')
    say "$before cannot read the record, for $now has changed its layout. The record of" \
        "$since takes its place: prices of two years and usage of 90 days come again" \
        "from Amber, forecasts as issued and what a power meter said since then stay in" \
        "a copy only."
    [ "$option" = --restore-record ] ||
        fail "if that is right: sudo $0 --restore-record"
    layout=$(layout_of "$STATE/home.sqlite")
    backup=$(copy_before "$before")
    back_up "$now"
}

main "$@"
