#!/bin/sh
# usage: environment.sh VENV PYTHON
# Makes the virtual environment VENV from requirements.lock: by uv where it can be had, else by pip, both with the
# hashes of the lock. Says in one line what it does and how long it took. SETUP_TOOL=uv or pip allows only that one.
set -u
venv=$1
python=$2
cd "$(dirname "$0")/.." || exit 1
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || {
    echo "vaelab needs Python 3.11, 3.12 or 3.13, and '$python' is $("$python" --version 2>&1 | tail -n 1)." >&2
    echo "Name another one: make PYTHON=python3.12" >&2
    exit 1
}

works() { "$venv/bin/python" -c '' 2>/dev/null; }
has_pip() { "$venv/bin/python" -m pip --version >/dev/null 2>&1; }

# Python's own way. Debian and Ubuntu leave this part of Python to a package.
make_with_pip() {
    has_pip || "$python" -m venv --clear "$venv" >"$log" 2>&1 || {
        printf '\nCould not make %s. On Debian and Ubuntu: sudo apt-get install python3-venv\n' "$venv" >&2
        exit 1
    }
    touch "$venv/.unfinished"
}

# Sets $uv to a program that runs: the one on the PATH, else the one that the lock pins, installed for this purpose.
find_uv() {
    for uv in uv "$venv/bin/uv"; do
        "$uv" --version >/dev/null 2>&1 && return
    done
    make_with_pip
    awk '/^[^ ]/ { wanted = /^uv==/ } wanted' requirements.lock >"$venv/uv.txt"
    "$venv/bin/python" -m pip install -qq --require-hashes --requirement "$venv/uv.txt" >"$log" 2>&1 &&
        "$uv" --version >/dev/null 2>&1
}

# What both tools are asked for, in the same words.
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
# A set-up that was cut short may have left half a package behind, which no installer would notice.
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
