# The set-up that every command needs; each step is skipped when it is already done.

base_packages() {
    printf 'python3-venv'
    if wants_own_postgres; then printf ' postgresql-client'; else printf ' postgresql'; fi
}

# setup EXTRA_PACKAGE…: Python, PostgreSQL, Odoo and the prepared database.
setup() {
    prepare_folders
    lock_cache
    # shellcheck disable=SC2046 # a list of names
    check_packages $(base_packages) "$@"
    has_odoo || start_job odoo download_odoo
    step "System packages${PACKAGES:+: ${PACKAGES% }}"
    [ -z "$PACKAGES" ] || run_job packages "system packages" install_packages
    VENV="$(venv_path)"
    [ -f "$VENV/.complete" ] || start_job python build_venv "$VENV"
    step "Odoo 19"
    [ -z "${JOB_odoo:-}" ] || wait_job odoo "Odoo 19 unpacked"
    use_odoo
    step "Python environment"
    [ -z "${JOB_python:-}" ] || wait_job python "Python environment"
    step "PostgreSQL"
    use_postgres
    step "Prepared database (Odoo's own modules, French accounting)"
    BASE="$(base_name)"
    db_exists "$BASE" || run_job base "prepared database" build_base "$BASE"
    unlock_cache
}

cmd_setup() {
    plan_steps 5
    setup
}
