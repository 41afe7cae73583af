#!/bin/bash
# Brings another release and goes over to it; goes back by itself if it does not do well.
# See docs/pi.md.
set -euo pipefail

HERE=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=pi/parts.sh
. "$HERE/parts.sh"

usage() {
    cat <<'WORDS'
sudo /opt/home-energy/current/pi/update.sh VERSION

  VERSION    a tag, such as v1.1.0, a branch, or a commit; without it: what there is
  --finish   go on where a power cut ended an update; each start does it by itself
  --help     these lines
WORDS
}

main() {
    local wanted=${1:-}
    [ "$wanted" != --help ] || { usage; exit 0; }
    [ "$(id -u)" = 0 ] || fail "run it as root: sudo $0 $*"
    trap say_where_it_stopped EXIT
    be_the_only_one
    remember_kiosk
    [ ! -e "$UNFINISHED" ] || finish_unfinished
    [ "$wanted" != --finish ] || return 0
    fetch
    [ -n "$wanted" ] || { list_versions; exit 2; }
    bring "$wanted"
}

fetch() {
    [ -d "$GIT" ] || fail "$GIT: there is no source to update from; clone or unpack the" \
        "version that you want, and run its pi/install.sh"
    say "looking what is new"
    git_at "$GIT" fetch --quiet --prune --force --tags origin '+refs/heads/*:refs/heads/*' ||
        warn "$(git_at "$GIT" remote get-url origin) was not reached (the network?);" \
            "going on with what is on this machine. Another address:" \
            "sudo git -C $GIT remote set-url origin ADDRESS"
}

list_versions() {
    say "versions, newest first:"
    git_at "$GIT" for-each-ref --sort=-creatordate --count=15 \
        --format='  %(refname:short)  %(creatordate:short)  %(subject)' \
        refs/tags refs/heads
}

bring() {
    local wanted=$1 commit name old
    commit=$(git_at "$GIT" rev-parse --verify --quiet "$wanted^{commit}") || {
        list_versions >&2
        fail "$wanted: there is no such version; choose one of the above"
    }
    name=$(git_at "$GIT" describe --tags --always "$commit")
    name=${name//\//-}
    old=$(running_release)
    if [ "$name" = "$old" ]; then
        say "release $name runs already"
        return
    fi
    has_systemd || fail "systemd does not run this machine: use pi/install.sh"
    require_room $A_RELEASE_MB
    is_whole "$name" || build "$commit" "$name"
    say "trying release $name on a copy of the record"
    try_on_copy "$old" "$name"
    go_over "$old" "$name"
    say "release $name runs"
}

build() {
    local commit=$1 name=$2 source
    source=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "say_where_it_stopped; rm -rf '$source'" EXIT
    git_at "$GIT" archive "$commit" | tar -x -C "$source"
    install_packages "$source"
    advice=$PIP_ADVICE
    change "make release $name" make_release "$source" "$name"
}

main "$@"
