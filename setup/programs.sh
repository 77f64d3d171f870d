#!/bin/sh
# usage: programs.sh demo | test
# Installs the programs that are required besides Python: bubblewrap (the sandbox) and, for the tests, Chromium. It does
# so on Debian and Ubuntu if it has the rights: as root, or with a sudo that asks for no password. It always exits with 0:
# the demo itself says which protections are off, and tests that require a missing program are skipped and say so.

purpose=${1:?demo or test}

has_bubblewrap() { command -v bwrap >/dev/null; }
has_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}

chromium=chromium
if [ -r /etc/os-release ] && grep -q '^ID=ubuntu' /etc/os-release; then chromium=chromium-browser; fi

missing=
has_bubblewrap || missing="$missing bubblewrap"
[ "$purpose" = demo ] || has_chromium || missing="$missing $chromium"

if [ -n "$missing" ] && command -v apt-get >/dev/null; then
    as_root=no
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    fi
    if [ "$as_root" != no ]; then
        start=$(date +%s)
        install="$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"
        # The package lists are fetched only if they are missing or too old.
        # shellcheck disable=SC2086
        if $install $missing >/dev/null 2>&1 || { $as_root apt-get update -qq && $install $missing; } >/dev/null 2>&1; then
            echo "Installed$missing with apt-get: $(($(date +%s) - start)) s"
        else
            echo "apt-get could not install$missing."
        fi
    fi
fi

[ "$purpose" = test ] || exit 0

if ! has_bubblewrap; then
    echo "Without bubblewrap the tests of the sandbox are skipped. On Linux: sudo apt-get install bubblewrap"
elif ! bwrap --unshare-all --ro-bind / / true 2>/dev/null; then
    echo "bubblewrap can't make a sandbox here, so its tests are skipped." \
        "On Ubuntu: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
fi
has_chromium ||
    echo "Without Chromium the tests in the browser are skipped. On Debian: sudo apt-get install $chromium"
exit 0
