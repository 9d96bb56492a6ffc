import csv
import io
from datetime import date, datetime

from odoo import api, fields, models
from odoo.tools import file_open

SHEET = "ess_mutualisation/demo/sheets/shared_bills.csv"
DAY = "%d/%m/%Y"
# pool → what it carries, how often its costs are split, what it is for
POOLS = {
    "depot": (
        "Dépôt commun",
        ("Loyer du dépôt commun", "Électricité du dépôt", "Ménage", "Télécom"),
        "year",
    ),
    "accountant": (
        "Comptable partagée",
        ("Salaire mutualisé – comptable", "Logiciel de gestion"),
        "year",
    ),
    "fleet": (
        "Flotte partagée",
        ("Assurance flotte", "Entretien des véhicules"),
        "quarter",
    ),
}
VEHICLES = "Véhicule"
BUDGET = 20_000.0
TAXED = ("coopérative", "Menuiserie", "Brasserie")


class DemoCosts(models.AbstractModel):
    """Costs that the federation's members carry together, over two years.

    Last year is split, posted and settled; this year's advances are called, and the
    next run waits for the accountant.
    """

    _inherit = "ess.demo"

    @api.model
    def _carry_costs(self):
        """Nothing without a French chart of accounts: no account would be right."""
        company = self.env.company
        if company.account_fiscal_country_id.code != "FR":
            return
        if not company.root_id.chart_template:
            return
        self = self.with_context(tracking_disable=True)
        company._ess_install_regimes()
        today = fields.Date.context_today(self)
        products = {label: self._cost_product(label) for label in self._labels()}
        pools = {name: self._pool(name, today.year - 1) for name in POOLS}
        self._enter_bills(pools, products, today)
        self._call_advances(pools["depot"], today)
        self._close_last_year(pools, today.year - 1)

    # === POOLS === #

    @api.model
    def _labels(self):
        return [label for _name, labels, _period in POOLS.values() for label in labels]

    @api.model
    def _cost_product(self, label, account="6", **vals):
        kind = "income" if account.startswith("7") else "expense"
        found = self.env["account.account"].search(
            [
                ("code", "=like", f"{account}%"),
                *self.env["account.account"]._check_company_domain(self.env.company),
            ],
            order="code",
            limit=1,
        )
        return self.env["product.product"].create(
            {
                "name": label,
                "type": "service",
                "supplier_taxes_id": False,
                "taxes_id": False,
                f"property_account_{kind}_id": found.id,
                **vals,
            }
        )

    @api.model
    def _pool(self, name, year):
        title, _labels, period = POOLS[name]
        pool = self.env["ess.cost.pool"].create(
            {
                "name": title,
                "period": period,
                "key_id": getattr(self, f"_key_of_{name}")(year).id,
                "product_id": self._cost_product(
                    f"Quote-part – {title}", "7088", sale_ok=True
                ).id,
                "advance_product_id": self._cost_product(
                    f"Provision – {title}", "4191", sale_ok=True
                ).id,
                "member_ids": [
                    fields.Command.create(self._pool_member(entity, year))
                    for entity in self._all_members()
                ],
            }
        )
        return pool

    @api.model
    def _all_members(self):
        return self.env["res.partner"].search(
            [("ess_is_member", "=", True)], order="id"
        )

    @api.model
    def _pool_member(self, entity, year):
        """Associations are in the exempt group and declared it; others are taxed."""
        taxed = any(word in entity.name for word in TAXED)
        code = "FR-20" if taxed else "FR-261B"
        regime = self.env["ess.tax.regime"].search(
            [("code", "=", code), ("company_id", "=", self.env.company.id)]
        )
        return {
            "entity_id": entity.id,
            "date_from": date(year, 1, 1),
            "regime_id": regime.id,
            "standalone_cost": 900 + 300 * (entity.id % 7),
            "declared_percent": 0 if taxed else entity.id % 12,
            "declared_until": False if taxed else date(year + 1, 12, 31),
        }

    # === KEYS === #

    @api.model
    def _key(self, name, year, **version):
        return self.env["ess.cost.key"].create(
            {
                "name": name,
                "version_ids": [
                    fields.Command.create(
                        {
                            "date_from": date(year, 1, 1),
                            "decision": f"Assemblée générale du 14 décembre {year - 1}",
                            "decision_date": date(year - 1, 12, 14),
                            **version,
                        }
                    )
                ],
            }
        )

    @api.model
    def _key_of_depot(self, year):
        """By budget; a second one waits to be compared: by hours of the vehicles."""
        lines = [
            fields.Command.create(
                {"entity_id": entity.id, "weight": entity.ess_annual_budget}
            )
            for entity in self._all_members()
        ]
        return self._key(
            "Selon le budget annuel",
            year,
            kind="indicator",
            indicator="budget",
            line_ids=lines,
        )

    @api.model
    def _key_of_accountant(self, year):
        members = self._all_members()
        return self._key(
            "Qui a besoin de quoi",
            year,
            kind="components",
            component_ids=[
                fields.Command.create(
                    {
                        "name": "Tenue des comptes",
                        "amount": 2400,
                        "entity_ids": [fields.Command.set(members.ids)],
                    }
                ),
                fields.Command.create(
                    {
                        "name": "Paie",
                        "amount": 600,
                        "entity_ids": [
                            fields.Command.set(
                                members.filtered(lambda m: m.ess_headcount > 0).ids
                            )
                        ],
                    }
                ),
            ],
        )

    @api.model
    def _key_of_fleet(self, year):
        vehicles = self.env["ess.asset"].search([("category_id.name", "=", VEHICLES)])
        return self._key(
            "Moitié fixe, moitié selon l'usage",
            year,
            kind="two_part",
            fixed_percent=50,
            measure="hours",
            asset_ids=[fields.Command.set(vehicles.ids)],
        )

    # === BILLS === #

    @api.model
    def _bill_rows(self):
        with file_open(SHEET, "rb") as stream:
            text = stream.read().decode("utf-8-sig")
        for row in csv.DictReader(io.StringIO(text), delimiter=";"):
            amount = float(row["Montant HT"].replace(",", "."))
            yield datetime.strptime(row["Date"], DAY).date(), row["Libellé"], amount

    @api.model
    def _enter_bills(self, pools, products, today):
        """One bill a month for last year and this one, up to today, tagged by pool."""
        accounts = {
            label: pools[name].analytic_account_id
            for name, (_title, labels, _period) in POOLS.items()
            for label in labels
        }
        bills = {}
        for year in (today.year - 1, today.year):
            for day, label, amount in self._bill_rows():
                day = day.replace(year=year)
                if day <= today:
                    bills.setdefault(day.replace(day=1), []).append(
                        (day, label, amount)
                    )
        vendor = self.env["res.partner"].create(
            {"name": "Fournisseurs du dépôt", "is_company": True}
        )
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "in_invoice",
                    "partner_id": vendor.id,
                    "invoice_date": max(day for day, _label, _amount in rows),
                    "date": max(day for day, _label, _amount in rows),
                    "ref": f"{month:%Y-%m}",
                    "invoice_line_ids": [
                        fields.Command.create(
                            {
                                "product_id": products[label].id,
                                "name": label,
                                "quantity": 1,
                                "price_unit": amount,
                                "tax_ids": [fields.Command.clear()],
                                "analytic_distribution": {str(accounts[label].id): 100},
                            }
                        )
                        for _day, label, amount in rows
                    ],
                }
                for month, rows in sorted(bills.items())
            ]
        )
        moves.action_post()

    # === WHAT THE ACCOUNTANT DID === #

    @api.model
    def _as(self, name, records):
        """What this person of the team does with the records."""
        return records.with_user(self._ref("user", name))

    @api.model
    def _call_advances(self, pool, today):
        budget = self._as("accountant", self.env["ess.cost.budget"]).create(
            {
                "pool_id": pool.id,
                "date_from": date(today.year, 1, 1),
                "date_to": date(today.year, 12, 31),
                "amount": BUDGET,
                "instalments": 12,
                "decision": f"Assemblée générale du 14 décembre {today.year - 1}",
            }
        )
        budget.action_plan()
        for call in budget.call_ids.filtered(lambda c: c.date <= today):
            call.action_call()

    @api.model
    def _close_last_year(self, pools, year):
        """Computed by the accountant, approved by a second person, posted, settled."""
        for name in ("depot", "accountant"):
            run = self._as("accountant", self.env["ess.cost.run"]).create(
                {
                    "pool_id": pools[name].id,
                    "date_from": date(year, 1, 1),
                    "date_to": date(year, 12, 31),
                }
            )
            run.action_compute()
            run.with_user(self.env.ref("base.user_admin")).action_approve()
            run.action_post()
        settlement = self._as("accountant", self.env["ess.settlement"]).create(
            {
                "date_from": date(year, 1, 1),
                "date_to": date(year, 12, 31),
            }
        )
        settlement.action_prepare()
        settlement.action_post()
