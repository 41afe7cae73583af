# Packages of the system that a release needs. Sourced.
# shellcheck shell=bash

install_packages() {
    local missing
    missing=$(missing_packages "$1" | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    advice="Look at the network (ping deb.debian.org) and the clock (date)"
    change "install packages: $missing" fetch_packages "$missing"
    advice=
}

missing_packages() {
    local names mark
    while read -r names mark; do
        case $names in '#'* | '') continue ;; esac
        [ "$mark" != kiosk ] || [ -n "$with_kiosk" ] || continue
        is_any_installed "$names" || echo "$names"
    done <"$1/pi/packages"
}

is_any_installed() {
    local name
    for name in ${1//|/ }; do
        dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' &&
            return 0
    done
    return 1
}

fetch_packages() {
    local names chosen=()
    apt-get update -qq
    for names in $1; do chosen+=("$(available_of "$names")"); done
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Options::=--force-confold "${chosen[@]}" </dev/null
}

# The first of `one|other` that this system has.
available_of() {
    local name
    for name in ${1//|/ }; do
        if apt-cache policy "$name" | grep -q 'Candidate: [^(]'; then
            echo "$name"
            return
        fi
    done
    echo "${1%%|*}"
}
