#!/bin/sh
# usage: environment.sh VENV PYTHON
# Creates the virtual environment VENV from requirements.lock: with uv if available, else with pip, both with the
# hashes of the lock. Prints in one line what it does and how long it took. SETUP_TOOL=uv or pip allows only that one.
set -u
venv=$1
python=$2
cd "$(dirname "$0")/.." || exit 1
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || {
    echo "vaelab requires Python 3.11, 3.12 or 3.13, but '$python' is $("$python" --version 2>&1 | tail -n 1)." >&2
    echo "Fix: make PYTHON=python3.12" >&2
    exit 1
}

works() { "$venv/bin/python" -c '' 2>/dev/null; }
has_pip() { "$venv/bin/python" -m pip --version >/dev/null 2>&1; }

# With Python's own venv and pip. On Debian and Ubuntu this part of Python is a separate package.
make_with_pip() {
    has_pip || "$python" -m venv --clear "$venv" >"$log" 2>&1 || {
        printf '\nCould not create %s. On Debian and Ubuntu: sudo apt-get install python3-venv\n' "$venv" >&2
        exit 1
    }
    touch "$venv/.unfinished"
}

# Sets $uv to a uv that runs: the one on the PATH, else the version that the lock pins, which it installs.
find_uv() {
    for uv in uv "$venv/bin/uv"; do
        "$uv" --version >/dev/null 2>&1 && return
    done
    make_with_pip
    awk '/^[^ ]/ { wanted = /^uv==/ } wanted' requirements.lock >"$venv/uv.txt"
    "$venv/bin/python" -m pip install -qq --require-hashes --requirement "$venv/uv.txt" >"$log" 2>&1 &&
        "$uv" --version >/dev/null 2>&1
}

# The same commands for both tools.
install_all() {
    "$@" --require-hashes --requirement requirements.lock && "$@" --no-deps --editable .
}

with_uv() {
    works || "$uv" venv --quiet --seed --clear --python "$python" "$venv" || return
    touch "$venv/.unfinished"
    install_all "$uv" pip install --quiet --python "$venv/bin/python"
}

with_pip() {
    make_with_pip
    install_all "$venv/bin/python" -m pip install -qq
}

start=$(date +%s)
printf 'Setting up %s (about 2.6 GB) ' "$venv"
# An interrupted set-up may have left half a package behind, which no installer would notice.
if [ -e "$venv/.unfinished" ]; then rm -rf "$venv"; fi
tool=
if [ "${SETUP_TOOL:-uv}" = uv ] && find_uv; then
    printf 'with uv ... '
    if with_uv >"$log" 2>&1; then tool=uv; else printf 'failed, '; fi
fi
if [ -z "$tool" ] && [ "${SETUP_TOOL:-pip}" = pip ]; then
    printf 'with pip, which takes some minutes ... '
    if with_pip >"$log" 2>&1; then tool=pip; fi
fi
if [ -z "$tool" ]; then
    echo 'failed:'
    tail -n 15 "$log" >&2
    echo "The packages could not be installed. Is this machine connected to the internet? Then run make again." >&2
    exit 1
fi
rm -f "$venv/uv.txt" "$venv/.unfinished"
echo "$(($(date +%s) - start)) s"
