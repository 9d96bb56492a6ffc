# ./dev test: lint, then the pure tests (no Odoo, no database), then Odoo's tests, then those
# that need the Inventory app.

# --- the template: the prepared database with the addon, without demo data ------------

template_name() { printf 'ess_tmpl_%s_%s' "$CHECKOUT" "$( (printf %s "$BASE"; source_hash) | short_hash)"; }

build_template() {
    local target="$1" temporary="ess_tmpl_${CHECKOUT}_new"
    copy_db "$BASE" "$temporary"
    write_config "$CHECKOUT_DIR/template.conf" "$temporary" 8069
    odoo server --init="$ADDON" --no-http --stop-after-init
    check_installation "$temporary" "$LOGS/template.log"
    rename_db "$temporary" "$target"
}

# The templates of earlier sources, and what interrupted test runs have left.
drop_old_databases() {
    local name
    for name in $(sql "select datname from pg_database where datname like 'ess\\_test\\_$CHECKOUT\\_%'"); do
        kill -0 "${name##*_}" 2>/dev/null || drop_db "$name"
    done
    for name in $(sql "select datname from pg_database
                       where datname like 'ess\\_tmpl\\_$CHECKOUT\\_%'
                       and datname not in ('$1', '$(stock_name "$1")')"); do
        drop_db "$name"
    done
}

# Under the lock of the checkout, so that nobody drops it before it is copied.
ensure_template() {
    TEMPLATE="$(template_name)"
    if ! db_exists "$TEMPLATE"; then
        run_job template "installation of the addon" build_template "$TEMPLATE"
        drop_old_databases "$TEMPLATE"
    fi
}

prepare_template() {
    lock_checkout
    ensure_template
    TEST_DB="ess_test_${CHECKOUT}_$$"
    # Tests commit now and then (two connections that race), so each run has its own copy.
    copy_db "$TEMPLATE" "$TEST_DB"
    if [ -n "${TWO_WORKERS:-}" ]; then
        SECOND_DB="ess_test_${CHECKOUT}_2_$$"
        copy_db "$TEMPLATE" "$SECOND_DB"
    fi
    unlock_checkout
}

# --- the template with Inventory: receipts of purchase orders are made by purchase_stock -----

stock_name() { printf '%s_stock' "$1"; }

build_stock() {
    local target temporary="ess_tmpl_${CHECKOUT}_new_stock"
    target="$(stock_name "$1")"
    lock_checkout
    if ! db_exists "$target"; then
        copy_db "$1" "$temporary"
        write_config "$CHECKOUT_DIR/stock-build.conf" "$temporary" 8069
        odoo server --init=purchase_stock --no-http --stop-after-init
        [ "$(sql "select state from ir_module_module where name = 'purchase_stock'" "$temporary")" = installed ] \
            || die "Inventory (purchase_stock) is not installed after all."
        check_installation "$temporary" "$LOGS/stock.log"
        rename_db "$temporary" "$target"
    fi
    unlock_checkout
}

# Installed beside the Odoo tests where there are any, or else now.
prepare_stock() {
    if [ -n "${JOB_stock:-}" ]; then
        wait_job stock "installation of Inventory"
    else
        lock_checkout
        ensure_template
        unlock_checkout
        run_job stock "installation of Inventory" build_stock "$TEMPLATE"
    fi
    STOCK_DB="ess_test_${CHECKOUT}_3_$$"
    lock_checkout
    copy_db "$(stock_name "$TEMPLATE")" "$STOCK_DB"
    unlock_checkout
}

prepare_test_tools() {
    has_test_tools && return 0
    lock_cache
    has_test_tools || run_job tools "test and lint tools" build_test_tools
    unlock_cache
}

# --- pytest -----------------------------------------------------------------------------

# Paths among the arguments say which of the three runs is meant; other arguments go to all of
# these. Without a path it is all tests; a selection by words leaves out those of Inventory,
# whose database takes its time.
sort_arguments() {
    local argument file previous="" words=""
    PURE_ARGS=() ODOO_ARGS=() STOCK_ARGS=() WANT_PURE="" WANT_ODOO="" WANT_STOCK=""
    for argument in "$@"; do
        file="${argument%%::*}"
        case "$previous" in -k | -m) file="" ;; esac # `-k tests` names no folder
        previous="$argument"
        case "${file#./}" in
            tests/pure*) PURE_ARGS+=("$ROOT/${argument#./}") WANT_PURE=1 ;;
            tests/stock*) STOCK_ARGS+=("$ADDON_LINK/${argument#./}") WANT_STOCK=1 ;;
            tests | tests/) ;;
            tests/*) ODOO_ARGS+=("$ADDON_LINK/${argument#./}") WANT_ODOO=1 ;;
            *) PURE_ARGS+=("$argument") ODOO_ARGS+=("$argument") STOCK_ARGS+=("$argument") words=1 ;;
        esac
    done
    if [ -z "$WANT_PURE$WANT_ODOO$WANT_STOCK" ]; then
        WANT_PURE=1 WANT_ODOO=1
        PURE_ARGS+=("$ROOT/tests/pure")
        ODOO_ARGS+=("$ADDON_LINK/tests")
        STOCK_ARGS+=("$ADDON_LINK/tests/stock")
        if [ -z "$words" ]; then WANT_STOCK=1; else say "Without tests/stock: name it to run it."; fi
    fi
    [ -d "$ROOT/tests/pure" ] || WANT_PURE=""
}

# The rules in tools/ know nothing of Odoo: their tests start at once. Their conftest.py
# gives them the addon's import path without importing Odoo.
run_pure_tests() {
    (cd "$ROOT/tests/pure" && "$VENV/bin/python" -m pytest -c "$ROOT/pyproject.toml" \
        --rootdir="$ROOT/tests/pure" --confcutdir="$ROOT/tests/pure" -p no:odoo \
        -o cache_dir="$CHECKOUT_DIR/pytest-pure" --junitxml="$1" "${PURE_ARGS[@]}")
}

# run_odoo_tests REPORT ARGUMENT…, from the folder of the link for the sake of short paths.
run_odoo_tests() {
    local report="$1"
    shift
    run_odoo_worker "$report" test "$TEST_DB" 8069 "$@"
}

# run_two_workers REPORT ARGUMENT…: two processes, each with a database of its own, share the
# test files: whoever is free takes the next one (see addon_plugin.py).
run_two_workers() {
    local report="$1" claims="$CHECKOUT_DIR/claims" status=0
    shift
    rm -rf "$claims"
    mkdir "$claims"
    set -- "--claims=$claims" "$@"
    start_job second run_odoo_worker "${report%.xml}2.xml" test2 "$SECOND_DB" "$(free_port 8169)" "$@"
    run_odoo_worker "$report" test "$TEST_DB" 8069 "$@" || status=$?
    if await_job second "the tests of the second worker"; then
        tail -n 1 "$LOGS/second.log"
    else
        cat "$LOGS/second.log"
        status=1
    fi
    return "$status"
}

# run_odoo_worker REPORT NAME DATABASE PORT ARGUMENT…
run_odoo_worker() {
    local report="$1" name="$2" database="$3" port="$4"
    shift 4
    # What needs another environment; even a path that is named would not be collected.
    set -- --ignore="$ADDON_LINK/tests/pure" "$@"
    [ "$name" = stock ] || set -- --ignore="$ADDON_LINK/tests/stock" "$@"
    write_config "$CHECKOUT_DIR/$name.conf" "$database" "$port"
    (cd "$ADDONS_DIR" && PYTHONPATH="$ODOO_PATH:$ROOT/.dev/py" ODOO_RC="$ODOO_RC" \
        "$VENV/bin/python" -W ignore::DeprecationWarning -m pytest -c "$ROOT/pyproject.toml" \
        --rootdir="$ADDON_LINK" --confcutdir="$ADDON_LINK" -p addon_plugin \
        -o cache_dir="$CHECKOUT_DIR/pytest-odoo-$name" \
        --odoo-database="$database" --odoo-http --junitxml="$report" "$@")
}

# Status 5 is "no test collected": with -k, one of the two runs may well have none.
accept_none() { if [ "$1" -eq 5 ]; then printf 0; else printf %s "$1"; fi; }

# run_tests ARGUMENT…: fails fast, the pure tests first.
run_tests() {
    local status=0 worst=0 reports=("$LOGS/pure.xml" "$LOGS/odoo.xml" "$LOGS/odoo2.xml" "$LOGS/stock.xml")
    local run=run_odoo_tests
    rm -f "${reports[@]}"
    sort_arguments "$@"
    if [ -n "$WANT_PURE" ]; then
        step "Pure tests"
        run_pure_tests "${reports[0]}" || status=$?
        worst="$(accept_none "$status")"
    fi
    if [ -n "$LINT" ]; then
        step "Static checks"
        finish_static_lint
        mapfile -t -O "${#ODOO_ARGS[@]}" ODOO_ARGS < <(odoo_lint_paths)
    fi
    if [ -n "$WANT_ODOO" ] && [ "$worst" -eq 0 ]; then
        # The whole suite has work for two; a few files have not.
        if [ $# -eq 0 ] && [ "$(nproc)" -gt 1 ]; then TWO_WORKERS=1 run=run_two_workers; fi
        step "Addon installed in a database of its own"
        prepare_template
        step "Odoo tests"
        [ -z "$LINT" ] || start_job try_demo try_demo
        [ -z "$WANT_STOCK" ] || start_job stock build_stock "$TEMPLATE"
        rm -rf "$CHECKOUT_DIR/screenshots"
        status=0
        "$run" "${reports[1]}" "${ODOO_ARGS[@]}" || status=$?
        worst="$(accept_none "$status")"
        [ ! -d "$CHECKOUT_DIR/screenshots" ] || say "Screenshots of failed browser tests: $CHECKOUT_DIR/screenshots"
        [ -z "$LINT" ] || await_job try_demo "the demonstration loads" || worst=1
    fi
    if [ -n "$WANT_STOCK" ] && [ "$worst" -eq 0 ]; then
        step "Tests with Inventory"
        prepare_stock
        status=0
        run_odoo_worker "${reports[3]}" stock "$STOCK_DB" 8069 "${STOCK_ARGS[@]}" || status=$?
        worst="$(accept_none "$status")"
    fi
    python3_any "$ROOT/.dev/py/summary.py" "${reports[@]}" || [ "$worst" -ne 0 ] || worst=1
    return "$worst"
}

cmd_test() {
    LINT=""
    [ $# -gt 0 ] || LINT=1
    [ "${1:-}" != --no-lint ] || shift
    plan_steps 9
    [ -z "$LINT" ] || plan_steps 10
    setup chromium wkhtmltopdf
    prepare_test_tools
    # Beside the pure tests and the installation, so that it costs little time.
    [ -z "$LINT" ] || start_static_lint
    run_tests "$@"
}
