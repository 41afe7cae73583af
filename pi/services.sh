# Units: put in place, started, and held against what it means that all is well. Sourced.
# shellcheck shell=bash

UNITS=/etc/systemd/system
COMMAND=/usr/local/bin/home-energy
KIOSK_UNITS=(home-energy-kiosk.service home-energy-backlight.service)
THIS_ONE='^home-energy-unfinished'  # runs these scripts, and does not stop itself
WELL_WITHIN_SECONDS=60
WELL_FOR_SECONDS=10
problem=
PAGE_BEATS_WITHIN_SECONDS=20

# Units of a release that are to run by themselves.
wanted_units() {
    local unit
    for unit in "$1"/pi/systemd/*; do
        grep -q '^\[Install\]' "$unit" || continue
        unit=$(basename "$unit")
        is_kiosk_unit "$unit" && [ -z "$with_kiosk" ] || echo "$unit"
    done
}

is_kiosk_unit() { [[ " ${KIOSK_UNITS[*]} " == *" $1 "* ]]; }

# A machine that was installed without a screen stays so.
remember_kiosk() {
    with_kiosk=yes
    [ ! -e "$UNITS/home-energy-collect.service" ] || is_enabled "${KIOSK_UNITS[0]}" ||
        with_kiosk=
}

# Let the units, the command and the system files of a release, or of a clone, be those
# in use.
put_release_files() {
    local release=$1 unit
    for unit in "$release"/pi/systemd/*; do
        put_file "$unit" "$UNITS/$(basename "$unit")"
    done
    for unit in "$UNITS"/home-energy-*.*; do
        [ ! -f "$unit" ] || [ -e "$release/pi/systemd/$(basename "$unit")" ] ||
            change "remove $unit" remove_unit "$(basename "$unit")"
    done
    put_file "$release/pi/home-energy" "$COMMAND" 755
    put_system_files "$release"
}

remove_unit() {
    systemctl --quiet disable "$1" 2>/dev/null || true
    ! has_systemd || systemctl --quiet stop "$1" || true
    rm -f "$UNITS/$1"
}

enable_units() {
    local unit
    for unit in $(wanted_units "$1"); do
        is_enabled "$unit" ||
            change "enable $unit" systemctl --quiet enable "$unit"
    done
    for unit in "${KIOSK_UNITS[@]}"; do
        [ -n "$with_kiosk" ] || ! is_enabled "$unit" ||
            change "turn off $unit" turn_off "$unit"
    done
}

use_release_files() {
    use_system_files
    enable_units "$CODE/current"
    start_units "$1"
}

# Start what does not run; after changes start everything anew.
start_units() {
    local units verb=start
    has_systemd || return 0
    [ -z "$1" ] || verb=restart
    mapfile -t units < <(wanted_units "$CODE/current" | grep -v "$THIS_ONE")
    systemctl daemon-reload
    # Not waited for: a collector without token or network is ready later.
    systemctl --no-block "$verb" "${units[@]}"
}

stop_units() {
    local units
    mapfile -t units < <(systemctl list-units --plain --no-legend --all \
        'home-energy-*' | awk '{ print $1 }' | grep -v "$THIS_ONE")
    [ ${#units[@]} = 0 ] || systemctl stop "${units[@]}" || true
}

# Services that run now, and are to run after an update as well.
running_services() {
    local unit
    for unit in collect dashboard kiosk backlight; do
        unit=home-energy-$unit.service
        ! systemctl --quiet is-active "$unit" || echo "$unit"
    done
}

# Wait until RELEASE does well and has done so for some seconds. What is wrong if not is
# in $problem.
is_well_soon() {
    local release=$1 needed=$2 well=0 end=$((SECONDS + WELL_WITHIN_SECONDS))
    while [ $SECONDS -lt $end ] || [ $well -gt 0 ]; do
        if is_well "$release" "$needed"; then
            well=$((well + 1))
            [ $well -lt $WELL_FOR_SECONDS ] || return 0
        else
            well=0
        fi
        sleep 1
    done
    return 1
}

is_well() {
    local release=$1 needed=$2 unit state answered beats age
    for unit in $needed; do
        state=$(systemctl is-active "$unit" || true)
        [ "$state" = active ] || { problem="$unit is $state"; return 1; }
    done
    read -r answered beats age < <(python3 "$HERE/health.py" "$SETTINGS/home.toml") || true
    [ -n "$answered" ] || { problem="the screen's program does not answer"; return 1; }
    [ "$answered" = "$release" ] || { problem="release $answered answers"; return 1; }
    [[ $needed == *home-energy-kiosk* ]] || return 0
    if [ "$beats" = 0 ] || [ "$age" -lt 0 ] || [ "$age" -gt $PAGE_BEATS_WITHIN_SECONDS ]
    then
        problem="the page on the panel is silent"
        return 1
    fi
}

# What the unit that $problem names said last.
last_words() {
    local unit=${problem%% *}
    case $unit in home-energy-*) ;; *) unit=home-energy-dashboard.service ;; esac
    journalctl --unit "$unit" --lines 8 --no-pager --output cat 2>/dev/null |
        sed 's/^/    /' || true
}
