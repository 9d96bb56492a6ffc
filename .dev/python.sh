# The virtual environment: one per Python and set of pins, shared by all checkouts.

# Odoo 19 runs on Python 3.10 to 3.13; ESS_PYTHON chooses another interpreter.
find_python() {
    local candidate
    for candidate in ${ESS_PYTHON:-} /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c '
import ensurepip, sys, venv
sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; then
            printf %s "$candidate"
            return 0
        fi
    done
}

venv_path() {
    local version
    version="$("$(find_python)" -c 'import sys; print(sys.executable, sys.version)')"
    printf '%s/venv-%s' "$CACHE" \
        "$( (printf %s "$version"; cat "$ROOT/.dev/requirements.txt") | short_hash)"
}

# Its scripts hold absolute paths, so it cannot be renamed into place: the stamp says "complete".
build_venv() {
    local venv="$1"
    rm -rf "$venv"
    "$(find_python)" -m venv "$venv"
    pip_install "$venv" "$ROOT/.dev/requirements.txt"
    touch "$venv/.complete"
}

pip_install() {
    "$1/bin/python" -m pip install --disable-pip-version-check --no-compile --progress-bar off \
        --no-warn-script-location -r "$2"
}

# Test and lint tools come later: the first page of a demonstration need not wait for them.
build_test_tools() {
    pip_install "$VENV" "$ROOT/.dev/requirements-test.txt"
    cp "$ROOT/.dev/requirements-test.txt" "$VENV/.test-tools"
}
has_test_tools() { cmp -s "$ROOT/.dev/requirements-test.txt" "$VENV/.test-tools"; }
