# Databases: a prepared one for all checkouts, and cheap copies of it with their filestore.

db_exists() { [ "$(sql "select 1 from pg_database where datname = '$1'")" = 1 ]; }

drop_db() {
    sql "drop database if exists \"$1\" with (force)" 2>/dev/null
    rm -rf "${DATA_DIR:?}/filestore/$1"
}

# Odoo's attachments are files named by their content and never rewritten: links will do.
copy_db() {
    local source="$1" target="$2"
    drop_db "$target"
    sql "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = '$source' and pid <> pg_backend_pid()" >/dev/null
    sql "create database \"$target\" template \"$source\""
    mkdir -p "$DATA_DIR/filestore"
    if [ -d "$DATA_DIR/filestore/$source" ]; then
        cp -al "$DATA_DIR/filestore/$source" "$DATA_DIR/filestore/$target"
    fi
}

rename_db() {
    drop_db "$2"
    sql "alter database \"$1\" rename to \"$2\""
    [ ! -d "$DATA_DIR/filestore/$1" ] || mv "$DATA_DIR/filestore/$1" "$DATA_DIR/filestore/$2"
}

# --- an installation ------------------------------------------------------------------

# An addon that cannot be loaded, and much else, is only logged, with status 0.
check_installation() {
    [ "$(sql "select state from ir_module_module where name = '$ADDON'" "$1")" = installed ] \
        || die "the addon is not installed after all: $2"
    python3_any "$ROOT/.dev/py/check_log.py" "$2"
}

# --- the addon's sources ----------------------------------------------------------

manifest() { python3_any "$ROOT/.dev/py/manifest.py" "$ROOT/__manifest__.py" "$1"; }
python3_any() { "$(find_python)" "$@"; }

# Whatever changes what an installation does; tests and developer files do not.
source_hash() {
    find . \( -path './.*' -o -path ./tests -o -path ./docs -o -name __pycache__ \) -prune -o -type f \
        \( -name '*.py' -o -name '*.xml' -o -name '*.csv' -o -name '*.js' -o -name '*.scss' \
        -o -name '*.css' -o -name '*.po' -o -path './static/*' -o -path './demo/*' \) -print0 \
        | LC_ALL=C sort -z | xargs -0 sha256sum | short_hash
}

# --- the prepared base --------------------------------------------------------------

base_modules() {
    # The French chart of accounts is what the federation has; base_import gives the import screen.
    printf '%s,l10n_fr_account,base_import' "$(manifest depends)"
}

base_name() {
    local odoo="${ODOO_HOME:-debian}"
    printf 'ess_base_%s' "$( (
        base_modules
        printf ' %s %s %s ' "$LANGUAGES" "$odoo" "$(cat "$ODOO_PACKAGE/release.py")"
        cat "$ROOT/.dev/py/prepare_company.py"
    ) | short_hash)"
}

build_base() {
    local target="$1"
    local temporary="${1}_new"
    drop_db "$temporary"
    write_config "$CHECKOUT_DIR/base.conf" "$temporary" 8069
    odoo server --init=base --load-language="$LANGUAGES" --no-http --stop-after-init
    odoo shell --no-http <"$ROOT/.dev/py/prepare_company.py"
    odoo server --init="$(base_modules)" --no-http --stop-after-init
    ! grep -E ' (ERROR|CRITICAL) ' "$LOGS/base.log" \
        || die "the installation of Odoo's own modules logged the errors above."
    rename_db "$temporary" "$target"
}
