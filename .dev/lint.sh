# ./dev lint: what can be said about the code without running it, then what Odoo says itself.

# The files that belong to the repository, or would if they were added.
repository_files() {
    git ls-files --cached --others --exclude-standard 2>/dev/null \
        || find . -type f -not -path './.git/*' -not -name '*.pyc' -printf '%P\n'
}

# pylint-odoo and oca-checks take the addon's name from its real folder.
copy_for_lint() {
    local file
    LINT_COPY="$CHECKOUT_DIR/lint/$ADDON"
    rm -rf "$CHECKOUT_DIR/lint"
    mkdir -p "$LINT_COPY"
    repository_files | while IFS= read -r file; do
        [ ! -f "$file" ] || printf '%s\0' "$file"
    done | xargs -0 cp --parents --no-dereference --target-directory="$LINT_COPY"
}

# Each linter is a job: a name, and a command whose output is shown when it fails.
lint_ruff() {
    "$VENV/bin/ruff" check --no-cache --quiet . && "$VENV/bin/ruff" format --no-cache --check --quiet --diff .
}
lint_pylint() { "$VENV/bin/python" -m pylint --jobs=2 --rcfile="$ROOT/.pylintrc" "$LINT_COPY"; }
lint_oca() {
    "$VENV/bin/oca-checks-odoo-module" --config="$ROOT/.dev/oca_hooks.cfg" "$LINT_COPY/__manifest__.py"
}
lint_files() { repository_files | tr '\n' '\0' | xargs -0 "$VENV/bin/python" "$ROOT/.dev/py/check_files.py"; }
lint_shell() {
    local file
    for file in dev .ci/run .dev/*.sh; do bash -n "$file" || return 1; done
    # Across sourced files it cannot see what is used.
    ! command -v shellcheck >/dev/null || shellcheck --shell=bash --severity=warning --exclude=SC2034,SC2120 dev .dev/*.sh
}

LINTERS=(ruff pylint oca files shell)

start_static_lint() {
    local name
    copy_for_lint
    for name in "${LINTERS[@]}"; do
        start_job "$name" "lint_$name"
    done
}

# Shows every complaint, with the paths of the checkout instead of those of the copy.
finish_static_lint() {
    local name variable status failed=""
    for name in "${LINTERS[@]}"; do
        variable="JOB_$name"
        status=0
        wait "${!variable}" || status=$?
        forget_job "${!variable}"
        if [ "$status" -ne 0 ]; then
            failed+=" $name"
            sed "s|$LINT_COPY/||g; s|${LINT_COPY#/}/||g; /^$/d" "$LOGS/$name.log"
        fi
    done
    [ -z "$failed" ] || die "lint failed:$failed (most of it can be mended by: ./dev lint --fix)"
    say "      ruff, pylint-odoo, oca-checks, files, shell: clean"
}

# What tools can mend: by ruff in place, by oca-checks in a copy that has the addon's name.
fix_lint() {
    local file
    "$VENV/bin/ruff" check --no-cache --fix --quiet . || true
    "$VENV/bin/ruff" format --no-cache --quiet .
    copy_for_lint
    "$VENV/bin/oca-checks-odoo-module" --config="$ROOT/.dev/oca_hooks.cfg" --fix \
        "$LINT_COPY/__manifest__.py" >"$LOGS/fix.log" 2>&1 || true
    repository_files | while IFS= read -r file; do
        [ ! -f "$file" ] || cmp -s "$file" "$LINT_COPY/$file" || {
            say "      mended: $file"
            cp "$LINT_COPY/$file" "$file"
        }
    done
}

# Odoo's own linters for addons; they need a database in which the addon is installed.
odoo_lint_paths() {
    local folder="$ODOO_PACKAGE/addons/test_lint/tests"
    printf '%s\n' "$folder/test_index.py::TestIndex" "$folder/test_naming.py::TestNaming" \
        "$folder/test_override_signatures.py::TestLintOverrideSignatures" \
        "$folder/test_onchange_domains.py::TestOnchangeDomains" \
        "$folder/test_manifests.py::ManifestLinter" "$folder/test_routes.py::RoutesLinter" \
        "$folder/test_docstring.py::TestDocstring" \
        "$folder/test_jstranslate.py::TestJsTranslations::test_js_translations" \
        "$ADDON_LINK/.dev/odoo_lint/test_translations.py"
}

cmd_lint() {
    plan_steps 8
    setup
    prepare_test_tools
    [ "${1:-}" != --fix ] || fix_lint
    step "Static checks"
    start_static_lint
    finish_static_lint
    step "Addon installed in a database of its own"
    prepare_template
    step "Odoo's own linters and translations"
    mapfile -t ODOO_ARGS < <(odoo_lint_paths)
    run_odoo_tests "$LOGS/lint.xml" --no-header "${ODOO_ARGS[@]}"
}
