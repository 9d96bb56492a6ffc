def post_init_hook(env):
    """French federations find the tax regimes of their law at once."""
    companies = env["res.company"].search([("chart_template", "!=", False)])
    companies.filtered(
        lambda company: company.account_fiscal_country_id.code == "FR"
    )._ess_install_regimes()


def uninstall_hook(env):
    """The trigger goes with its table; its function would stay behind."""
    env.cr.execute("DROP FUNCTION IF EXISTS ess_exchange_frozen() CASCADE")
