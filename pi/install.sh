#!/bin/bash
# Puts Home Energy on a Raspberry Pi (Raspberry Pi OS 64-bit, Bookworm or Trixie), or on
# any Debian, so that it looks after itself. Can be run again at any time. See docs/pi.md.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOURCE=$(dirname "$HERE")
# shellcheck source=pi/release.sh
. "$HERE/release.sh"

PACKAGES=(python3 python3-venv git ca-certificates sqlite3)
KIOSK_PACKAGES=(cage seatd chromium wlr-randr fonts-dejavu-core)
SERVICES=(home-energy-collect.service home-energy-dashboard.service)
KIOSK_SERVICES=(home-energy-kiosk.service home-energy-backlight.service)
OTHERS=(home-energy-asked.path home-energy-upkeep.timer)

token_file=
with_kiosk=yes

usage() {
    cat <<'WORDS'
sudo pi/install.sh [options]

  --token-file FILE   take Amber's token from FILE instead of asking for it
  --no-kiosk          no browser on this machine: collector and web page only
  --help              these lines
WORDS
}

main() {
    read_options "$@"
    [ "$(id -u)" = 0 ] || fail "run it as root: sudo pi/install.sh"
    install_packages
    make_users
    write_settings
    keep_token
    local name
    name=$(release_name "$SOURCE")
    say "making release $name"
    make_release "$SOURCE" "$name"
    switch_to "$name"
    write_system_files
    start_services
    say "looking whether all is well:"
    /usr/local/bin/home-energy doctor || true
}

read_options() {
    while [ $# -gt 0 ]; do
        case $1 in
            --token-file) token_file=${2:?--token-file needs a file}; shift ;;
            --no-kiosk) with_kiosk= ;;
            --help) usage; exit 0 ;;
            *) usage >&2; exit 2 ;;
        esac
        shift
    done
}

install_packages() {
    local wanted=("${PACKAGES[@]}")
    [ -z "$with_kiosk" ] || wanted+=("${KIOSK_PACKAGES[@]}")
    local missing=() package
    for package in "${wanted[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "${missing[@]}"
}

make_users() {
    id home-energy >/dev/null 2>&1 || useradd --system --user-group \
        --home-dir "$STATE" --no-create-home --shell /usr/sbin/nologin home-energy
    id home-energy-kiosk >/dev/null 2>&1 || useradd --system --user-group \
        --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin \
        home-energy-kiosk
    install -d -m 0750 -o home-energy -g home-energy "$STATE" /var/cache/home-energy
    install -d -m 0750 -o root -g home-energy "$SETTINGS"
    install -d -m 0755 "$CODE" "$RELEASES"
}

write_settings() {
    [ -e "$SETTINGS/home.toml" ] && return
    local zone
    zone=$(cat /etc/timezone 2>/dev/null || true)
    case $zone in Australia/*) ;; *) zone=Australia/Sydney ;; esac
    cat >"$SETTINGS/home.toml" <<TOML
# What may stand here: config/home.example.toml

[home]
timezone = "$zone"
store = "$STATE/home.sqlite"

[report]
folder = "$STATE/report"
TOML
    chown root:home-energy "$SETTINGS/home.toml"
    chmod 0640 "$SETTINGS/home.toml"
}

keep_token() {
    local token=
    if [ -n "$token_file" ]; then
        token=$(tr -d '[:space:]' <"$token_file")
    elif [ ! -s "$SETTINGS/amber-token" ] && [ -t 0 ]; then
        read -r -s -p "Amber token (app.amber.com.au/developers), not shown: " token
        echo
    fi
    [ -n "$token" ] || [ ! -e "$SETTINGS/amber-token" ] || return 0
    install -m 0600 -o root -g root /dev/null "$SETTINGS/amber-token"
    [ -z "$token" ] || printf '%s\n' "$token" >"$SETTINGS/amber-token"
}

write_system_files() {
    install -m 0755 "$CODE/current/pi/home-energy" /usr/local/bin/home-energy
    install -m 0644 "$CODE"/current/pi/systemd/* /etc/systemd/system/
}

start_services() {
    local wanted=("${SERVICES[@]}" "${OTHERS[@]}")
    [ -z "$with_kiosk" ] || wanted+=("${KIOSK_SERVICES[@]}")
    if ! has_systemd; then
        systemctl enable --quiet "${wanted[@]}"
        return
    fi
    systemctl daemon-reload
    systemctl enable --quiet "${wanted[@]}"
    systemctl restart "${wanted[@]}"
}

main "$@"
