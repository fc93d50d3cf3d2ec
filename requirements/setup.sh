# Sourced by ../dateline and ../dev: makes $here/.venv hold exactly what the lock file says.
# shellcheck shell=sh

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 78
}

# Finds a Python that Dateline runs on, and says plainly what is missing where there is none.
find_python() {
    for python in "${DATELINE_PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 python3; do
        command -v "$python" >/dev/null 2>&1 || continue
        facts=$("$python" -c 'import struct, sys; print(sys.version_info >= (3, 11), struct.calcsize("P") == 8)' 2>/dev/null) || continue
        case $facts in
            "True True") return 0 ;;
            "True False") fail "Dateline needs a 64-bit Python; $python is 32-bit, so nothing was installed. Install a 64-bit Python 3.11 or newer and run this again." ;;
        esac
    done
    fail "Dateline needs Python 3.11 or newer and found none, so nothing was installed. Install python3 (on Debian: apt install python3 python3-venv) and run this again."
}

make_venv() {
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --allow-existing --python "$python" "$here/.venv" ||
            fail "The virtual environment $here/.venv could not be made, so nothing runs yet. Read the line above, mend it and run this again."
        return
    fi
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "This Python has no venv module, so nothing was installed. Install it (on Debian: apt install python3-venv) and run this again."
    "$python" -m venv "$here/.venv" ||
        fail "The virtual environment $here/.venv could not be made, so nothing runs yet. Read the line above, mend it and run this again."
}

install_lock() {
    if command -v uv >/dev/null 2>&1; then
        # Compiled as pip does it: the first start need not.
        VIRTUAL_ENV=$here/.venv uv pip sync --compile-bytecode --require-hashes "$lock"
    else
        # The lock names all that is needed; asked to look for more, pip before 23.3 trips over extras of newer versions.
        # An environment that uv made has no pip.
        "$here/.venv/bin/python" -m pip --version >/dev/null 2>&1 || "$here/.venv/bin/python" -m ensurepip >/dev/null
        "$here/.venv/bin/python" -m pip install --disable-pip-version-check --progress-bar on --no-deps --require-hashes -r "$lock"
    fi
}

# Usage: prepare NAME. Does nothing when the stamp of lock NAME equals the lock; the dev stamp serves run as well.
prepare() {
    stamp=$here/.venv/$1.stamp
    if [ "$1" = run ] && [ -f "$here/.venv/dev.stamp" ] && cmp -s "$here/requirements/dev.txt" "$here/.venv/dev.stamp"; then return 0; fi
    if cmp -s "$lock" "$stamp" 2>/dev/null; then return 0; fi
    say "Setting up Dateline in $here/.venv (once, and again after an upgrade) …"
    find_python
    [ -x "$here/.venv/bin/python" ] || make_venv
    rm -f "$here/.venv/run.stamp" "$here/.venv/dev.stamp"
    install_lock >&2 || fail "The requirements could not be installed, so Dateline does not start. Check the network connection and the lines above, then run this again."
    cp "$lock" "$stamp"
    say "Ready."
}
