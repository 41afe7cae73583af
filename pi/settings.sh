# Users, folders, settings and secrets: /etc/home-energy and who may read what. Sourced.
# shellcheck shell=bash

LAN_UNIT_PART=/etc/systemd/system/home-energy-dashboard.service.d/lan.conf
PRIVATE_RANGES="10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 fe80::/10 fc00::/7"

token_file=
pin_file=
rotate=
lan=

# What may be read by whom: mode, owner, path. Looked at in every run.
OWNERS=(
    "750 root:home-energy $SETTINGS"
    "640 root:home-energy $SETTINGS/home.toml"
    "640 root:home-energy $SETTINGS/.env"
    "640 root:home-energy $SETTINGS/kiosk.env"
    "600 root:root $SETTINGS/amber-token"
    "600 root:root $SETTINGS/dashboard-pin"
    "750 home-energy:home-energy $STATE"
    "750 home-energy:home-energy $CACHE"
    "755 root:root $CODE"
    "755 root:root $RELEASES"
)

make_users() {
    id home-energy >/dev/null 2>&1 || change "make the user home-energy" \
        make_user home-energy "$STATE"
    id home-energy-kiosk >/dev/null 2>&1 || change "make the user home-energy-kiosk" \
        make_user home-energy-kiosk /nonexistent
    local folder
    for folder in "$STATE" "$CACHE" "$SETTINGS" "$CODE" "$RELEASES"; do
        [ -d "$folder" ] || change "make the folder $folder" mkdir -p "$folder"
    done
}

make_user() {
    useradd --system --user-group --home-dir "$2" --no-create-home \
        --shell /usr/sbin/nologin "$1"
}

right_owners() {
    local mode owner path
    for one in "${OWNERS[@]}"; do
        read -r mode owner path <<<"$one"
        [ -e "$path" ] || continue
        [ "$(stat -c '%a %U:%G' "$path")" = "$mode $owner" ] ||
            change "let $path be $mode $owner" set_owner "$mode" "$owner" "$path"
    done
}

set_owner() {
    chown "$2" "$3"
    chmod "$1" "$3"
}

write_settings() {
    [ ! -e "$SETTINGS/home.toml" ] || return 0
    put_text "$SETTINGS/home.toml" "$(first_settings)" 640
}

first_settings() {
    local zone
    zone=$(readlink /etc/localtime || true)
    zone=${zone#*/zoneinfo/}
    case $zone in Australia/*) ;; *) zone=Australia/Sydney ;; esac
    cat <<TOML
# What may stand here: config/home.example.toml

[home]
timezone = "$zone"
store = "$STATE/home.sqlite"

[report]
folder = "$STATE/report"
TOML
}

# The token is read from a file or from the terminal, and goes into one file. Here it is
# an argument of functions of this shell only, never of a program that others can see.
keep_token() {
    local token=
    if [ -n "$token_file" ]; then
        token=$(tr -d '[:space:]' <"$token_file")
        [ -n "$token" ] || fail "$token_file: is empty, expected Amber's token"
    elif [ ! -s "$SETTINGS/amber-token" ] && [ -z "$dry_run" ] && [ -t 0 ]; then
        read -r -s -p "Amber token (app.amber.com.au/developers), not shown: " token
        echo
        token=${token//[[:space:]]/}
    fi
    case $token in
        psk_* | '') ;;
        *) warn "this token does not begin with psk_ as Amber's do: kept all the same" ;;
    esac
    if [ -n "$token" ]; then
        keep_secret amber-token "$token"
    elif [ -n "$dry_run" ]; then
        [ -s "$SETTINGS/amber-token" ] || say "would ask for Amber's token"
    elif [ ! -s "$SETTINGS/amber-token" ]; then
        [ -e "$SETTINGS/amber-token" ] || keep_secret amber-token ""
        warn "no token yet: put it into $SETTINGS/amber-token, one line, then" \
            "sudo systemctl restart home-energy-collect"
    fi
}

keep_secret() {
    put_text "$SETTINGS/$1" "$2" 600
}

# Upright or turned: written for the kiosk, whose other lines stay.
write_rotation() {
    [ -n "$rotate" ] || return 0
    local file=$SETTINGS/kiosk.env others=
    [ ! -e "$file" ] || others=$(grep -v '^KIOSK_ROTATE=' "$file" || true)
    [ "$rotate" != 0 ] || [ -e "$file" ] || return 0
    local lines=$others
    [ "$rotate" = 0 ] || lines=${others:+$others$'\n'}KIOSK_ROTATE=$rotate
    if [ -n "$lines" ]; then
        put_text "$file" "$lines" 640 root:home-energy
    else
        drop "$file"
    fi
}

# `--lan`: the screen answers in the home's own network, and a PIN guards changes.
open_to_lan() {
    local pin
    cat <<'WORDS'
--lan lets every device in your home network see prices, usage, bills and scenarios at
http://NAME-OF-THIS-PI.local:5050, guests' phones too, without encryption. Changing or
restarting anything from there asks for a PIN. The token is never sent.
Do not forward this port from the internet. `install.sh --no-lan` takes it back.
WORDS
    pin=$(chosen_pin)
    [ -z "$pin" ] || keep_secret dashboard-pin "$pin"
    set_host 0.0.0.0
    put_text "$LAN_UNIT_PART" "[Service]
LoadCredential=dashboard-pin:$SETTINGS/dashboard-pin
IPAddressAllow=$PRIVATE_RANGES"
}

# The PIN of the file or the terminal; nothing where one is kept already.
chosen_pin() {
    local pin
    if [ -n "$pin_file" ]; then
        pin=$(tr -d '[:space:]' <"$pin_file")
    elif [ -s "$SETTINGS/dashboard-pin" ] || [ -n "$dry_run" ]; then
        return
    elif [ -t 0 ]; then
        read -r -s -p "PIN, 4 to 12 digits, not shown: " pin
        echo >&2
    else
        fail "--lan needs a PIN: give --pin-file FILE"
    fi
    [[ $pin =~ ^[0-9]{4,12}$ ]] || fail "the PIN must be 4 to 12 digits"
    echo "$pin"
}

close_to_lan() {
    drop "$LAN_UNIT_PART"
    drop "$SETTINGS/dashboard-pin"
    set_host 127.0.0.1
}

# Let the screen answer on another address; every other line of home.toml stays.
set_host() {
    local file=$SETTINGS/home.toml text
    [ -e "$file" ] || return 0
    text=$(python3 "$HERE/dashboard_host.py" "$1" <"$file") ||
        fail "$file: cannot be changed by this program; write host = \"$1\" below" \
            "[dashboard] yourself, then run this again"
    put_text "$file" "$text" 640 root:home-energy
}
