# Everything that install.sh, update.sh and rollback.sh are made of. Sourced.
# shellcheck shell=bash
# shellcheck source=pi/changes.sh
. "$HERE/changes.sh"
# shellcheck source=pi/release.sh
. "$HERE/release.sh"
# shellcheck source=pi/packages.sh
. "$HERE/packages.sh"
# shellcheck source=pi/settings.sh
. "$HERE/settings.sh"
# shellcheck source=pi/system.sh
. "$HERE/system.sh"
# shellcheck source=pi/services.sh
. "$HERE/services.sh"
# shellcheck source=pi/switching.sh
. "$HERE/switching.sh"
