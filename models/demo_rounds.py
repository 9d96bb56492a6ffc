import csv
import io
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import file_open

from ..demo.columns import COLUMNS

FOLDER = "ess_mutualisation/demo/sheets"
DECIMALS = ("price_1", "price_2", "price_3", "weight", "tax_percent", "ceiling")
SHORT = 5
"""So many products of the past round came with a carton less than was ordered."""
FREIGHT = 184.60
OPEN_MEMBERS = 14
"""So many members have committed in the open round."""


class DemoRounds(models.AbstractModel):
    """Buying together: one round that is settled, one that is open."""

    _inherit = "ess.demo"

    @api.model
    def _buy_together(self):
        """Nothing without a French chart of accounts: no account would be right."""
        company = self.env.company
        if company.account_fiscal_country_id.code != "FR":
            return
        if not company.root_id.chart_template:
            return
        self = self.with_context(
            import_file=True, ess_silent=True, tracking_disable=True, lang="fr_FR"
        )
        self._use_reduced_rate()
        past = self._demo_round("Épicerie, hygiène et papier – hiver", days=-40)
        self._commit_all(past)
        past.action_close()
        self._deliver(past)
        self._bill(past)
        past.action_settle()
        now = self._demo_round("Épicerie, hygiène et papier – printemps", days=9)
        self._ask_minima(now)
        self._commit_all(now, OPEN_MEMBERS)

    @api.model
    def _demo_round(self, name, days):
        """Open, as it is when members commit; a past one is moved back in time."""
        now = fields.Datetime.now().replace(hour=17, minute=0, second=0, microsecond=0)
        closes = now + timedelta(days=days)
        members = self._all_members()
        circles = members.ess_circle_ids
        circle = max(circles, key=lambda c: (len(c.entity_ids & members), -c.id))
        one = self.env["ess.round"].create(
            {
                "name": name,
                "circle_id": circle.id,
                "coordinator_id": self._ref("user", "facilitator").id,
                "date_close": now + timedelta(days=max(days, 1)),
                "date_delivery": closes + timedelta(days=10),
                "place": "Dépôt commun, quai 2",
                "host_id": (members & circle.entity_ids)[0].id,
                "tz": "Europe/Paris",
                "minimum_policy": "freight",
                "cost_product_id": self._cost_product(
                    "Transport et frais de groupage", "7085", sale_ok=True
                ).id,
                "slot_ids": [
                    fields.Command.create(
                        {
                            "start": closes + timedelta(days=10, hours=start),
                            "stop": closes + timedelta(days=10, hours=start + 2),
                            "places": 8,
                        }
                    )
                    for start in (-8, -6, -1)
                ],
            }
        )
        one.cost_product_id.taxes_id = one.env["account.tax"].search(
            [("type_tax_use", "=", "sale"), ("amount", "=", 20)], limit=1
        )
        self._load_sheet(one, "ess.round.offer", "round_offers.csv")
        one.action_open()
        if days < 0:
            one.write(
                {
                    "date_open": closes - timedelta(days=21),
                    "date_close": closes,
                }
            )
        return one

    @api.model
    def _use_reduced_rate(self):
        """Food is sold at 5.5 %, which the French chart brings archived."""
        offers = self.env["ess.round.offer"].with_context(active_test=False)
        for use in ("sale", "purchase"):
            offers._tax_of(5.5, use).active = True

    @api.model
    def _ask_minima(self, one):
        """What suppliers take at least, and a freight that is estimated beforehand."""
        first, second = one.supplier_ids[:2]
        first.write({"minimum_amount": 1500, "freight_amount": 90})
        second.write({"minimum_weight": 2500, "freight_amount": 60})
        one.offer_ids[0].minimum = 10 * one.offer_ids[0].carton
        one.env["ess.round.cost"].create(
            {
                "round_id": one.id,
                "name": "Transport",
                "basis": "weight",
                "estimated": 180,
            }
        )

    @api.model
    def _load_sheet(self, one, model, file_name, keep=None):
        columns = COLUMNS[file_name]
        with file_open(f"{FOLDER}/{file_name}", "rb") as stream:
            text = stream.read().decode("utf-8-sig")
        rows = [
            {
                columns[name]: cell.replace(",", ".")
                if columns[name] in DECIMALS
                else cell
                for name, cell in row.items()
            }
            for row in csv.DictReader(io.StringIO(text), delimiter=";")
        ]
        names = list(rows[0])
        loaded = (
            self.env[model]
            .with_context(ess_round_id=one.id)
            .load(
                names,
                [
                    [row[name] for name in names]
                    for row in rows
                    if not keep or keep(row)
                ],
            )
        )
        if loaded["messages"]:
            # a sheet of our own has no faults: half of it would be no demonstration
            raise ValueError(loaded["messages"][0]["message"])

    @api.model
    def _commit_all(self, one, members=None):
        """All commitments of the sheet, or those of the first members alone."""
        names = {m.name for m in one.circle_id.entity_ids.sorted("id")[:members]}
        self._load_sheet(
            one,
            "ess.commitment",
            "round_commitments.csv",
            lambda row: row["entity_id"].strip() in names,
        )

    @api.model
    def _deliver(self, one):
        one.action_order()
        one.action_confirm_orders()
        ordered = one.offer_ids.filtered("ordered")
        one._receive(
            {
                offer: (offer.ordered - (offer.carton if n < SHORT else 0), 0, {})
                for n, offer in enumerate(ordered)
            }
        )
        one.commitment_ids.filtered("received").action_collect()

    @api.model
    def _bill(self, one):
        """What each supplier billed, with the freight of the first."""
        for number, supplier in enumerate(one.supplier_ids.filtered("purchase_id")):
            order = supplier.purchase_id
            order.action_create_invoice()
            bill = order.invoice_ids
            bill.invoice_date = min(one.date_delivery, fields.Date.context_today(one))
            bill.ref = f"F-{one.reference.replace('/', '-')}-{number + 1}"
            if not number:
                bill.invoice_line_ids = [
                    fields.Command.create(
                        {"name": "Transport", "price_unit": FREIGHT, "tax_ids": False}
                    )
                ]
            bill.action_post()
        one.action_take_bill_lines()
        one.cost_ids.basis = "weight"
