"""Run in `odoo shell`: make the main company a French one before accounting comes.

The chart of accounts, the currency and the taxes follow the country that the
company has when `account` is installed.
"""

env = globals()["env"]  # given by `odoo shell`
euro = env.ref("base.EUR")
euro.active = True
company = env.ref("base.main_company")
company.partner_id.country_id = env.ref("base.fr")
company.currency_id = euro
env.cr.commit()
