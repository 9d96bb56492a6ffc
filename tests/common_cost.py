"""A depot that members carry together: bills, a key, runs, advances."""

import csv
import io
from datetime import date

from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import file_open

from .common import EssCommon

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


class CostData:
    """Builds pools; mixed into what has the federation already."""

    @classmethod
    def _set_up_costs(cls):
        company = cls.env.company
        cls.regime = cls.env["ess.tax.regime"].create(
            {"name": "Exempt", "code": "T0", "tax_ids": [Command.set(cls._tax().ids)]}
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Shared costs", "type": "service"}
        )
        cls.vendor = cls.env["res.partner"].create({"name": "SCI Le Dépôt"})
        cls.expense = cls._account("612000", "expense", "Rent")
        cls.payable = cls._account("401999", "liability_payable", "Vendors")
        cls.vendor.property_account_payable_id = cls.payable
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Bills of the depot",
                "code": "DEP",
                "type": "purchase",
                "company_id": company.id,
                "default_account_id": cls.expense.id,
            }
        )
        cls.rent = cls._cost_product("Rent")
        cls.power = cls._cost_product("Electricity")

    @classmethod
    def _account(cls, code, kind, name):
        return cls.env["account.account"].create(
            {
                "code": code,
                "account_type": kind,
                "name": name,
                "reconcile": kind == "liability_payable",
            }
        )

    @classmethod
    def _tax(cls):
        country = cls.env.company.account_fiscal_country_id or cls.env.ref("base.fr")
        group = cls.env["account.tax.group"].create(
            {"name": "Nothing", "country_id": country.id}
        )
        return cls.env["account.tax"].create(
            {
                "name": "0 % exempt",
                "amount": 0,
                "type_tax_use": "sale",
                "country_id": country.id,
                "tax_group_id": group.id,
            }
        )

    @classmethod
    def _cost_product(cls, name):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "supplier_taxes_id": False,
                "taxes_id": False,
                "property_account_expense_id": cls.expense.id,
            }
        )

    @classmethod
    def _key(cls, kind="equal", lines=None, **vals):
        """A key with one version, as decided; `lines`: {member: weight}."""
        key = cls.env["ess.cost.key"].create({"name": f"Key {kind}"})
        cls._version(key, kind=kind, lines=lines, **vals)
        return key

    @classmethod
    def _version(cls, key, lines=None, **vals):
        return cls.env["ess.cost.key.version"].create(
            {
                "key_id": key.id,
                "date_from": "2026-01-01",
                "decision": "Assembly of 12 December 2025, item 7",
                "line_ids": [
                    Command.create({"entity_id": member.id, "weight": weight})
                    for member, weight in (lines or {}).items()
                ],
                **vals,
            }
        )

    @classmethod
    def _pool(cls, key, members=None, name="Depot", **vals):
        """A pool of these members (all three), there since 2020."""
        if members is None:
            members = cls.fabrique | cls.phare | cls.semeurs
        return cls.env["ess.cost.pool"].create(
            {
                "name": name,
                "key_id": key.id,
                "product_id": cls.product.id,
                "member_ids": [
                    Command.create(
                        {
                            "entity_id": member.id,
                            "date_from": "2020-01-01",
                            "regime_id": cls.regime.id,
                        }
                    )
                    for member in members
                ],
                **vals,
            }
        )

    @classmethod
    def _bills(cls, pool, rows, post=True):
        """Vendor bills, one for each (day, label, euros[, product]), in one batch."""
        bills = cls.env["account.move"].create(
            [cls._bill_vals(pool, *row) for row in rows]
        )
        if post:
            bills.action_post()
        return bills

    @classmethod
    def _bill_vals(cls, pool, day, label, amount, product=None):
        line = {
            "name": label,
            "product_id": (product or cls.rent).id,
            "account_id": cls.expense.id,
            "quantity": 1,
            "price_unit": abs(amount),
            "tax_ids": [],
            "analytic_distribution": {str(pool.analytic_account_id.id): 100},
        }
        return {
            "move_type": "in_invoice" if amount >= 0 else "in_refund",
            "partner_id": cls.vendor.id,
            "journal_id": cls.journal.id,
            "invoice_date": day,
            "date": day,
            "ref": f"{label} {day}",
            "invoice_line_ids": [Command.create(line)],
        }

    @classmethod
    def _run(cls, pool, start="2026-01-01", stop="2026-12-31", compute=True, **vals):
        run = (
            cls.env["ess.cost.run"]
            .with_user(cls.accountant)
            .create(
                {"pool_id": pool.id, "date_from": start, "date_to": stop, **vals},
            )
        )
        if compute:
            run.action_compute()
        return run.with_env(cls.env)

    @classmethod
    def _posted(cls, pool, start="2026-01-01", stop="2026-12-31"):
        """A run that the accountant computed and posted, and another one approved."""
        run = cls._run(pool, start, stop)
        run.with_user(cls.second).action_approve()
        run.with_user(cls.accountant).action_post()
        return run

    @classmethod
    def _shared_bills(cls):
        """[(day, label, euros)] of the spreadsheet of a year."""
        path = "ess_mutualisation/tests/data/shared_bills.csv"
        with file_open(path, "rb") as stream:
            text = stream.read().decode("utf-8-sig")
        rows = []
        for row in csv.DictReader(io.StringIO(text), delimiter=";"):
            day, month, year = row["Date"].split("/")
            amount = float(row["Montant HT"].replace(",", "."))
            rows.append((f"{year}-{month}-{day}", row["Libellé"], amount))
        return rows

    @staticmethod
    def _membership(pool, entity):
        return pool.member_ids.filtered(lambda m: m.entity_id == entity)

    @staticmethod
    def _share(run, entity):
        return run.share_ids.filtered(lambda s: s.entity_id == entity)

    @staticmethod
    def _cents(shares, field="amount"):
        """{name of the member: cents} of some shares."""
        found = {}
        for share in shares:
            name = share.entity_id.name.split()[-1]
            found[name] = found.get(name, 0) + round(share[field] * 100)
        return found


class CostCommon(CostData, EssCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "ess_mutualisation.group_accountant"
        cls.accountant = new_test_user(cls.env, "ac1", groups=groups)
        cls.second = new_test_user(cls.env, "ac2", groups=groups)
        cls._set_up_costs()
