# ./dev demo: a database with the demonstration's data, and a server on this machine only.

demo_name() { printf 'ess_demo_%s' "$CHECKOUT"; }
demo_stamp() { printf '%s %s' "$BASE" "$(source_hash)"; }

# Odoo loads an addon's demo data only where its dependencies have theirs. Ours needs none of
# it, so the dependencies claim to have it while the addon is installed.
install_demo() {
    local temporary="$1"
    copy_db "$BASE" "$temporary"
    write_config "$CHECKOUT_DIR/$temporary.conf" "$temporary" 8069
    sql "update ir_module_module set demo = true where state = 'installed'" "$temporary"
    odoo server --init="$ADDON" --with-demo --no-http --stop-after-init
    sql "update ir_module_module set demo = false where name <> '$ADDON'" "$temporary"
    check_installation "$temporary" "$2"
}

build_demo() {
    local temporary="ess_demo_${CHECKOUT}_new"
    install_demo "$temporary" "$LOGS/demo.log"
    # Compiled now, or else the first page would take its time.
    printf 'env["ir.qweb"]._pregenerate_assets_bundles()\nenv.cr.commit()\n' | odoo shell --no-http
    rename_db "$temporary" "$1"
}

# For ./dev test: does the demonstration load? Its database is thrown away.
try_demo() {
    local temporary="ess_demo_${CHECKOUT}_try" status=0
    (install_demo "$temporary" "$LOGS/try_demo.log") || status=$?
    drop_db "$temporary"
    return "$status"
}

update_demo() {
    write_config "$CHECKOUT_DIR/demo-build.conf" "$1" 8069
    odoo server --update="$ADDON" --no-http --stop-after-init
    check_installation "$1" "$LOGS/demo.log"
}

prepare_demo() {
    DEMO_DB="$(demo_name)"
    lock_checkout
    if [ "$BASE" != "$(cut -d' ' -f1 "$CHECKOUT_DIR/demo.stamp" 2>/dev/null)" ]; then
        ! db_exists "$DEMO_DB" || say "      its prepared database has changed, so it starts over"
        drop_db "$DEMO_DB"
    fi
    if ! db_exists "$DEMO_DB"; then
        run_job demo "addon and its demonstration installed" build_demo "$DEMO_DB"
        demo_stamp >"$CHECKOUT_DIR/demo.stamp"
    elif [ "$(demo_stamp)" != "$(cat "$CHECKOUT_DIR/demo.stamp" 2>/dev/null)" ]; then
        say "      the sources have changed (./dev demo --fresh would start over)"
        run_job demo "addon updated" update_demo "$DEMO_DB"
        demo_stamp >"$CHECKOUT_DIR/demo.stamp"
    fi
    unlock_checkout
}

# --- serve ------------------------------------------------------------------------

# PDF printing fetches style sheets from this address, and mails link to it.
set_address() {
    local key
    for key in web.base.url report.url; do
        sql "insert into ir_config_parameter (key, value) values ('$key', '$2')
             on conflict (key) do update set value = excluded.value" "$1"
    done
}

print_logins() {
    local login password who
    say "" "The demonstration is ready (Ctrl-C stops it):"
    say "  back office  $1/odoo"
    say "  portal       $1/my"
    say "  catalogue    $1/commons"
    say "" "  log in with:"
    while IFS='|' read -r login password who; do
        [ -z "${login%%#*}" ] || printf '    %-32s %-8s %s\n' "${login// /}" "${password// /}" "${who# }"
    done <"$ROOT/.dev/logins.txt"
    say "" "  mails are not sent but kept in $CHECKOUT_DIR/mails" "  the server's log: $SERVER_LOG"
}

answers() {
    "$VENV/bin/python" -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=20)' \
        "$1/web/login" 2>/dev/null
}

stop_server() {
    trap - INT TERM HUP
    kill -TERM "$SERVER" "$SINK" 2>/dev/null || true
    wait "$SERVER" "$SINK" 2>/dev/null || true
    say "" "Stopped."
    exit 0
}

serve() {
    local port="$1" address="http://127.0.0.1:$1" mail_port
    mail_port="$(free_port $((port + 1000)))"
    set_address "$DEMO_DB" "$address"
    write_config "$CHECKOUT_DIR/demo-$port.conf" "$DEMO_DB" "$port" "$mail_port"
    "$VENV/bin/python" "$ROOT/.dev/py/mail_sink.py" "$mail_port" "$CHECKOUT_DIR/mails" &
    SINK=$!
    SERVER_LOG="$LOGS/server-$port.log"
    exec_odoo server >"$SERVER_LOG" 2>&1 &
    SERVER=$!
    trap stop_server INT TERM HUP
    until answers "$address"; do
        if ! kill -0 "$SERVER" 2>/dev/null; then
            tail -n 25 "$SERVER_LOG" >&2
            kill "$SINK" 2>/dev/null
            die "the server stopped; the whole log: $SERVER_LOG"
        fi
        sleep 0.5
    done
    print_logins "$address"
    wait "$SERVER" || { kill "$SINK"; die "the server stopped; its log: $SERVER_LOG"; }
}

cmd_demo() {
    local port=8069 fresh="" free
    while [ $# -gt 0 ]; do
        case "$1" in
            --port) port="${2:-}" && shift ;;
            --port=*) port="${1#*=}" ;;
            --fresh) fresh=1 ;;
            *) die "unknown option: $1 (./dev demo [--port N] [--fresh])" ;;
        esac
        shift
    done
    [[ "$port" =~ ^[0-9]{2,5}$ ]] || die "--port needs a number, as in --port 8070"
    plan_steps 7
    OPTIONAL_PACKAGES=wkhtmltopdf setup
    step "Demonstration database"
    [ -z "$fresh" ] || drop_db "$(demo_name)"
    prepare_demo
    free="$(free_port "$port")"
    step "Server on port $free"
    [ "$free" = "$port" ] || say "      port $port is taken, so $free is used"
    serve "$free"
}

# --- around it ----------------------------------------------------------------------

with_demo() {
    plan_steps 6
    setup
    step "Demonstration database"
    prepare_demo
    write_config "$CHECKOUT_DIR/demo-shell.conf" "$DEMO_DB" 8069
}

cmd_shell() {
    with_demo
    odoo shell --no-http "$@"
}

cmd_update() {
    [ ! -f "$CHECKOUT_DIR/demo.stamp" ] || sed -i 's/ .*/ outdated/' "$CHECKOUT_DIR/demo.stamp"
    with_demo
}

cmd_psql() {
    with_demo
    psql -d "$DEMO_DB" "$@"
}

cmd_reset() {
    # Nothing but our own names: the server may hold other databases that begin with ess_.
    local name pattern="^ess_(demo|tmpl|test)_$CHECKOUT(_|\$)"
    prepare_folders
    if [ "${1:-}" = --all ]; then
        pattern+='|^ess_base_[0-9a-f]{8}(_new)?$'
    elif [ -n "${1:-}" ]; then
        die "unknown option: $1 (./dev reset [--all])"
    fi
    # A private server goes as a whole, even one that does not start any more.
    if [ "${1:-}" = --all ] && ! wants_own_postgres; then
        stop_cluster
    elif wants_own_postgres || [ -e "$CACHE/pg/data/PG_VERSION" ]; then
        use_postgres
        for name in $(sql "select datname from pg_database where datname ~ '$pattern'"); do
            drop_db "$name"
            say "dropped $name"
        done
    fi
    rm -f "$CHECKOUT_DIR/demo.stamp"
    [ "${1:-}" != --all ] || remove_cache
}

remove_cache() {
    local real
    real="$(readlink -f "$CACHE/pg" || true)"
    rm -rf "$real" "$CACHE"
    rmdir "/var/lib/$ADDON" 2>/dev/null || true
    say "removed $CACHE"
}
