# What is changed of the system itself: files of our own below /etc, and four edits of
# files and settings that are not ours, each undone by --uninstall. Sourced.
# shellcheck shell=bash

CMDLINE=${CMDLINE:-/boot/firmware/cmdline.txt}
FSTAB=${FSTAB:-/etc/fstab}
DISPLAY_MANAGER=${DISPLAY_MANAGER:-/etc/systemd/system/display-manager.service}
BEFORE=$CODE/before  # what stood there before us, kept once

# Memory limits count, the console never darkens the panel, and nothing is written over
# it while the machine starts.
CMDLINE_WORDS=(
    cgroup_enable=memory consoleblank=0 quiet loglevel=3 logo.nologo
    vt.global_cursor_default=0
)
# Words of which a line has one only: what another says is replaced.
CMDLINE_SINGLE=(consoleblank loglevel vt.global_cursor_default)

# Files of the system that a release brings, as paths below its pi/.
files_of() { (cd "$1/pi" 2>/dev/null && find etc -type f | sort) || true; }

# Chromium of Raspberry Pi OS Bookworm has another name and looks elsewhere.
place_of() {
    case $1 in
        etc/rpi/*) [ -d /etc/rpi ] && echo "/$1" ;;
        etc/chromium/*)
            echo "/$1"
            [ ! -d /etc/chromium-browser ] || echo "/${1/chromium/chromium-browser}"
            ;;
        *) echo "/$1" ;;
    esac
}

put_system_files() {
    local release=$1 file place
    for file in $(files_of "$release"); do
        for place in $(place_of "$file"); do
            put_file "$release/pi/$file" "$place"
        done
    done
}

drop_system_files() {
    local release=$1 file place
    for file in $(files_of "$release"); do
        for place in $(place_of "$file"); do drop "$place"; done
    done
}

edit_system() {
    edit_cmdline
    edit_fstab
    swap_in_memory_only
    no_desktop
}

edit_cmdline() {
    [ -f "$CMDLINE" ] || return 0
    if [ "$(grep -c . "$CMDLINE")" != 1 ]; then
        warn "$CMDLINE: expected one line, left as it is"
        return
    fi
    local line
    line=$(with_our_words "$(cat "$CMDLINE")")
    [ "$line" != "$(cat "$CMDLINE")" ] || return 0
    keep_copy "$CMDLINE"
    put_text "$CMDLINE" "$line"
}

with_our_words() {
    local line=$1 word
    for word in "${CMDLINE_SINGLE[@]}"; do line=$(without_key "$line" "$word"); done
    for word in "${CMDLINE_WORDS[@]}"; do
        has_word "$line" "$word" || line="$line $word"
    done
    printf '%s\n' "$line"
}

# The line without our words, but for those it had before us.
without_our_words() {
    local line=$1 before=$2 word key
    for word in "${CMDLINE_WORDS[@]}"; do
        has_word "$before" "$word" || line=$(without_word "$line" "$word")
    done
    for word in $before; do
        key=${word%%=*}
        is_single "$key" && ! has_word "$line" "$word" && line="$line $word"
    done
    printf '%s\n' "$line"
}

has_word() { [[ " $1 " == *" $2 "* ]]; }

is_single() { has_word "${CMDLINE_SINGLE[*]}" "$1"; }

without_word() {
    local word kept=()
    for word in $1; do [ "$word" = "$2" ] || kept+=("$word"); done
    printf '%s\n' "${kept[*]}"
}

# Without what KEY is set to, but for our own word.
without_key() {
    local line=$1 word
    for word in $1; do
        [ "${word%%=*}" != "$2" ] || has_word "${CMDLINE_WORDS[*]}" "$word" ||
            line=$(without_word "$line" "$word")
    done
    printf '%s\n' "$line"
}

edit_fstab() {
    [ -f "$FSTAB" ] || return 0
    local text
    text=$(with_noatime "$(cat "$FSTAB")")
    [ "$text" != "$(cat "$FSTAB")" ] || return 0
    keep_copy "$FSTAB"
    put_text "$FSTAB" "$text"
}

ROOT_LINE='^[^#[:space:]][^[:space:]]*[[:space:]]+/[[:space:]]+ext4[[:space:]]+'

with_noatime() {
    sed -E "\|${ROOT_LINE}[^[:space:]]*noatime|! s|(${ROOT_LINE})([^[:space:]]+)|\1\2,noatime|" \
        <<<"$1"
}

without_noatime() { sed -E "\|${ROOT_LINE}| s|,noatime||" <<<"$1"; }

# Swap on the card wears it and stalls everything. Raspberry Pi OS from Trixie on has its
# file below /etc/rpi; before it a program makes a file of swap.
swap_in_memory_only() {
    ! is_enabled dphys-swapfile.service || {
        remember dphys-swapfile enabled
        change "turn off swap on the card" turn_off dphys-swapfile.service
    }
}

# A desktop would start first, and flash by.
no_desktop() {
    [ -n "$with_kiosk" ] || return 0
    local desktop
    desktop=$(basename "$(readlink "$DISPLAY_MANAGER" || true)")
    [ -n "$desktop" ] || return 0
    remember desktop "$desktop"
    change "start without a desktop: turn off $desktop" turn_off_desktop "$desktop"
}

# It stays on the screen until the next start: who installs may sit in front of it.
turn_off_desktop() {
    systemctl --quiet set-default multi-user.target
    systemctl --quiet disable "$1"
}

turn_on_desktop() {
    systemctl --quiet set-default graphical.target
    systemctl --quiet enable "$1"
}

is_enabled() { systemctl --quiet is-enabled "$1" 2>/dev/null; }

turn_off() {
    if has_systemd; then
        systemctl --quiet disable --now "$1"
    else
        systemctl --quiet disable "$1"
    fi
}

restore_system() {
    local before
    if [ -f "$BEFORE/cmdline.txt" ] && [ -f "$CMDLINE" ]; then
        before=$(cat "$BEFORE/cmdline.txt")
        put_text "$CMDLINE" "$(without_our_words "$(cat "$CMDLINE")" "$before")"
    fi
    if [ -f "$BEFORE/fstab" ] && [ -f "$FSTAB" ]; then
        put_text "$FSTAB" "$(without_noatime "$(cat "$FSTAB")")"
    fi
    [ ! -f "$BEFORE/dphys-swapfile" ] || change "turn on swap as before" \
        systemctl --quiet enable dphys-swapfile.service
    [ ! -f "$BEFORE/desktop" ] || change "start with a desktop again" \
        turn_on_desktop "$(cat "$BEFORE/desktop")"
}

keep_copy() {
    [ -e "$BEFORE/$(basename "$1")" ] ||
        change "keep a copy of $1 in $BEFORE" keep_below_before "$1"
}

keep_below_before() {
    mkdir -p "$BEFORE"
    cp "$1" "$BEFORE/"
}

remember() {
    [ -e "$BEFORE/$1" ] || [ -n "$dry_run" ] || {
        mkdir -p "$BEFORE"
        echo "$2" >"$BEFORE/$1"
    }
}

# What was written counts at once where it can, without a restart of the machine.
use_system_files() {
    has_systemd || return 0
    systemctl daemon-reload
    systemctl --quiet restart systemd-journald.service
    sysctl --quiet --load /etc/sysctl.d/50-home-energy.conf || true
    udevadm control --reload || true
    udevadm trigger --subsystem-match=backlight --action=add || true
    for timer in apt-daily.timer apt-daily-upgrade.timer; do
        ! is_enabled "$timer" || systemctl --quiet restart "$timer"
    done
    ! systemctl --quiet is-active NetworkManager.service ||
        nmcli --terse general reload conf || true
}
