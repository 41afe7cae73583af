#!/bin/bash
# Does what somebody asked for on the panel. The screen's program may not stop or start
# anything; it leaves an empty file with the name of the wish, and root comes here.
set -euo pipefail

folder=$1
for wish in reload restart power-off; do
    [ -e "$folder/$wish" ] || continue
    rm -f "$folder/$wish"
    echo "asked for on the panel: $wish"
    case $wish in
        reload) systemctl restart --no-block home-energy-kiosk.service ;;
        restart) systemctl reboot ;;
        power-off) systemctl poweroff ;;
    esac
done
# Whatever else lies there was not put there by us, and would start this again for ever.
find "$folder" -mindepth 1 -delete
