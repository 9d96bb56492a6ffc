# ./dev i18n: the translation template from the installed addon, and the French file with it.

cmd_i18n() {
    plan_steps 7
    setup
    step "Addon installed in a database of its own"
    prepare_template
    step "Translations"
    write_config "$CHECKOUT_DIR/test.conf" "$TEST_DB" 8069
    mkdir -p i18n
    run_job i18n "export" odoo i18n export --config "$ODOO_RC" --database "$TEST_DB" \
        --languages pot --output "$CHECKOUT_DIR/$ADDON.pot" "$ADDON"
    "$VENV/bin/python" "$ROOT/.dev/py/merge_po.py" "$CHECKOUT_DIR/$ADDON.pot" \
        "i18n/$ADDON.pot" i18n/fr.po "$ODOO_PACKAGE/addons/base/i18n/fr.po" \
        "${ODOO_EXTRA_ADDONS:-$ODOO_PACKAGE/addons}"/{mail,portal}/i18n/fr.po
}
