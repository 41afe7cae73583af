#!/bin/bash
# Puts Home Energy on a Raspberry Pi (Raspberry Pi OS 64-bit, Bookworm or Trixie), or on
# any Debian, so that it looks after itself. Can be run again at any time: what is right
# is left alone. See docs/pi.md.
set -euo pipefail

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
SOURCE=$(dirname "$HERE")
# shellcheck source=pi/parts.sh
. "$HERE/parts.sh"

with_kiosk=
uninstalls=
purges=

usage() {
    cat <<'WORDS'
sudo pi/install.sh [options]

  --token-file FILE     take Amber's token from FILE instead of asking for it
  --rotate DEGREES      how far the picture is turned: 0, 90, 180 or 270
  --no-kiosk, --kiosk   no browser on this machine: collector and web page only; back
  --lan, --no-lan       show the screen to the home's own network, guarded by a PIN; back
  --pin-file FILE       take this PIN from FILE instead of asking for it
  --dry-run             say what would be done, and do nothing
  --uninstall           take everything away but settings and record
  --purge-data          with --uninstall: these too, with every backup
  --help                these lines
WORDS
}

main() {
    [ "${1:-}" != --help ] || { usage; exit 0; }
    [ "$(id -u)" = 0 ] || fail "run it as root: sudo pi/install.sh"
    remember_kiosk
    read_options "$@"
    trap say_where_it_stopped EXIT
    if [ -n "$uninstalls" ]; then
        uninstall
        return
    fi
    look_at_machine
    [ -n "$dry_run" ] || be_the_only_one
    set_up
}

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --token-file) token_file=$(file_of "$@"); shift ;;
            --pin-file) pin_file=$(file_of "$@"); shift ;;
            --rotate) rotate=${2:-}; shift ;;
            --kiosk) with_kiosk=yes ;;
            --no-kiosk) with_kiosk= ;;
            --lan) lan=open ;;
            --no-lan) lan=close ;;
            --dry-run) dry_run=yes ;;
            --uninstall) uninstalls=yes ;;
            --purge-data) purges=yes ;;
            *) usage >&2; fail "$1: there is no such option" ;;
        esac
        shift || fail "this option needs a value, see --help"
    done
    case $rotate in '' | 0 | 90 | 180 | 270) ;; *)
        fail "--rotate $rotate: expected 0, 90, 180 or 270" ;;
    esac
    [ -z "$pin_file" ] || [ "$lan" = open ] || fail "--pin-file: only with --lan"
    [ -z "$purges" ] || [ -n "$uninstalls" ] || fail "--purge-data: only with --uninstall"
}

file_of() {
    [ -n "${2:-}" ] || fail "$1 needs a file"
    [ -r "$2" ] || fail "$2: cannot be read"
    echo "$2"
}

look_at_machine() {
    local system release architecture
    architecture=$(dpkg --print-architecture 2>/dev/null || echo unknown)
    case $architecture in
        arm64 | amd64) ;;
        armhf | armel) fail "this system is 32-bit ($architecture), even if its kernel is" \
            "not; write the card anew with Raspberry Pi OS (64-bit)" ;;
        *) fail "architecture $architecture: expected arm64; write the card anew with" \
            "Raspberry Pi OS (64-bit)" ;;
    esac
    system=$(os_release ID)
    release=$(os_release VERSION_CODENAME)
    case $system-$release in
        debian-bookworm | debian-trixie | raspbian-bookworm | raspbian-trixie) ;;
        *) fail "$system $release: expected Raspberry Pi OS or Debian, Bookworm or Trixie;" \
            "write the card anew with Raspberry Pi OS Lite (64-bit)" ;;
    esac
    ! command -v python3 >/dev/null || require_python
}

os_release() { sed -n "s/^$1=\"\?\([^\"]*\)\"\?$/\1/p" "${OS_RELEASE:-/etc/os-release}"; }

require_python() {
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$(python3 --version): 3.11 or newer is needed; use Bookworm or Trixie"
}

set_up() {
    local name
    is_whole "$(running_release)" || require_room $A_RELEASE_MB
    install_packages "$SOURCE"
    [ -n "$dry_run" ] || require_python
    name=$(release_name "$SOURCE")
    is_whole "$name" || require_room $A_RELEASE_MB
    make_users
    write_settings
    keep_token
    write_rotation
    case $lan in open) open_to_lan ;; close) close_to_lan ;; esac
    right_owners
    keep_source
    [ ! -e "$UNFINISHED" ] || [ -n "$dry_run" ] || finish_unfinished
    if ! is_whole "$name"; then
        advice=$PIP_ADVICE
        change "make release $name" make_release "$SOURCE" "$name"
        advice=
    fi
    use_release "$name"
    if [ $changes = 0 ]; then say "nothing to change: release $name"; fi
    [ -z "$dry_run" ] || return 0
    say "looking whether all is well:"
    "$COMMAND" doctor || true
    wants_restart || return 0
    say "" "Restart once, for settings that count from the next start: sudo reboot"
}

# A machine that runs another release goes over to this one as by update.sh.
use_release() {
    local name=$1 old folder=$RELEASES/$1
    old=$(running_release)
    [ -z "$dry_run" ] || folder=$SOURCE
    if has_systemd && [ -n "$(running_services)" ] && [ "$old" != "$name" ]; then
        if [ -n "$dry_run" ]; then
            change "try release $name on a copy of the record, go over to it, and go" \
                "back to $old if it does not do well"
            return
        fi
        edit_system
        try_on_copy "$old" "$name"
        go_over "$old" "$name"
        return
    fi
    if [ "$old" != "$name" ]; then
        # Without one before it, it is its own: the unit that ends updates names it.
        change "keep release ${old:-$name} to go back to" point previous "${old:-$name}"
        change "use release $name" switch_to "$name"
        remove_old_releases
    fi
    put_release_files "$folder"
    edit_system
    enable_units "$folder"
    [ -z "$dry_run" ] || return 0
    [ $changes = 0 ] || use_system_files
    start_units "${changes#0}"
    [ $changes = 0 ] || await_screen "$name"
}

await_screen() {
    has_systemd || return 0
    say "starting, for at most $WELL_WITHIN_SECONDS s"
    is_well_soon "$1" home-energy-dashboard.service || warn "not up yet: $problem"
}

# The kernel's words count from the next start only.
wants_restart() {
    [ -f "$CMDLINE" ] && has_systemd && ! has_word "$(cat /proc/cmdline)" consoleblank=0
}

uninstall() {
    local folder unit
    has_systemd && change "stop the services" stop_units
    for unit in "$UNITS"/home-energy-*; do
        [ ! -f "$unit" ] ||
            change "remove $unit" remove_unit "$(basename "$unit")"
    done
    drop "$LAN_UNIT_PART"
    # Somebody's own file there stays.
    [ -n "$dry_run" ] || rmdir "$(dirname "$LAN_UNIT_PART")" 2>/dev/null || true
    folder=$CODE/current
    [ -d "$folder" ] || folder=$SOURCE
    drop_system_files "$folder"
    restore_system
    drop "$COMMAND"
    for folder in /run/home-energy /run/home-energy-kiosk "$CACHE" "$CODE"; do
        drop "$folder"
    done
    drop_user home-energy-kiosk
    if [ -n "$purges" ]; then
        drop "$STATE"
        drop "$SETTINGS"
        drop_user home-energy
    else
        say "$STATE and $SETTINGS stay, with their user home-energy;" \
            "--uninstall --purge-data removes them"
    fi
    say "Packages of the system stay; if nothing else needs them: sudo apt autoremove" \
        "cage seatd chromium unattended-upgrades. Restart once: sudo reboot"
    [ -n "$dry_run" ] || use_system_files
}

drop_user() { ! id "$1" >/dev/null 2>&1 || change "remove the user $1" userdel "$1"; }

main "$@"
