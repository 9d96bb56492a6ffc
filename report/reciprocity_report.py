from odoo import api, fields, models
from odoo.tools import SQL

from ..models.exchange import HELD

# What is counted in units of its own, and what is money.
QUANTITIES = ("gave", "received", "quantity")
MONEY = ("value", "amount", "saving")

# One row per exchange and side, each found by the index of its party. Half-days are
# days, minutes are hours; but a day is no number of hours here, for a van that is lent
# for a day is not lent for eight hours.
SQL_ROWS = """
    SELECT exchange.id * 2 + exchange.received AS id,
           exchange.id AS exchange_id,
           exchange.date, exchange.nature, exchange.company_id, exchange.currency_id,
           exchange.asset_id, exchange.category_id, exchange.circle_id,
           exchange.entity_id, exchange.counterpart_id,
           CASE exchange.received WHEN 0 THEN 'gave' ELSE 'received' END AS side,
           measure.kind,
           CASE measure.kind
               WHEN 'hour' THEN %(hours)s
               WHEN 'day' THEN %(days)s
               WHEN 'use' THEN %(uses)s
               WHEN 'money' THEN currency.name
               ELSE COALESCE(uom.name ->> %(lang)s, uom.name ->> 'en_US')
           END AS unit,
           amount.quantity * (1 - exchange.received) AS gave,
           amount.quantity * exchange.received AS received,
           amount.quantity * (1 - 2 * exchange.received) AS quantity,
           exchange.value * (1 - 2 * exchange.received) AS value,
           exchange.amount * (1 - 2 * exchange.received) AS amount,
           exchange.saving * exchange.received AS saving
      FROM (SELECT provided.*, 0 AS received,
                   provider_id AS entity_id, receiver_id AS counterpart_id
              FROM ess_exchange provided
             WHERE provided.nature NOT IN %(held)s
             UNION ALL
            SELECT got.*, 1 AS received,
                   receiver_id AS entity_id, provider_id AS counterpart_id
              FROM ess_exchange got
             WHERE got.nature NOT IN %(held)s) exchange
      JOIN res_currency currency ON currency.id = exchange.currency_id
      LEFT JOIN uom_uom uom ON uom.id = exchange.uom_id
     CROSS JOIN LATERAL (SELECT CASE
               WHEN uom.id IS NULL OR exchange.nature IN ('share', 'advance')
                   THEN 'money'
               WHEN uom.parent_path ~ %(day_path)s THEN 'day'
               WHEN uom.parent_path ~ %(hour_path)s THEN 'hour'
               WHEN exchange.nature = 'use' AND uom.parent_path ~ %(use_path)s
                   THEN 'use'
               ELSE 'other'
           END) measure(kind)
     CROSS JOIN LATERAL (SELECT ROUND(CASE measure.kind
               WHEN 'money' THEN exchange.amount
               WHEN 'day' THEN exchange.quantity * uom.factor / %(day)s
               WHEN 'hour' THEN exchange.quantity * uom.factor / %(hour)s
               WHEN 'use' THEN exchange.quantity * uom.factor / %(use)s
               ELSE exchange.quantity
           END::numeric, %(digits)s)) amount(quantity)
"""


class Reciprocity(models.Model):
    """Who gave and who received how much, each unit by itself; deposits are no gift.

    One row per exchange and side, so that each party finds its own: what it gave
    counts positive, what it received negative, and over all parties a balance is 0.
    Hours, days, uses and euros are never added up: a sum over rows of several units
    is empty, not wrong.
    """

    _name = "ess.reciprocity"
    _description = "Reciprocity"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "exchange_id"
    _depends = {
        "ess.exchange": [
            "date", "nature", "provider_id", "receiver_id", "quantity", "uom_id",
            "value", "amount", "saving", "currency_id", "asset_id", "category_id",
            "circle_id", "company_id",
        ],
        "res.currency": ["name"],
        "uom.uom": ["name", "factor", "parent_path"],
    }  # fmt: skip

    exchange_id = fields.Many2one("ess.exchange", readonly=True)
    date = fields.Date(readonly=True)
    nature = fields.Selection(
        selection=lambda s: s.env["ess.exchange"]._fields["nature"].selection,
        readonly=True,
    )
    side = fields.Selection([("gave", "Gave"), ("received", "Received")], readonly=True)
    entity_id = fields.Many2one("res.partner", string="Organisation", readonly=True)
    counterpart_id = fields.Many2one("res.partner", string="To or from", readonly=True)
    circle_ids = fields.Many2many(
        related="entity_id.ess_circle_ids", string="Circles of the Organisation"
    )
    circle_id = fields.Many2one(
        "ess.circle",
        readonly=True,
        help="In which it happened: one for each exchange, so that sums add up.",
    )
    asset_id = fields.Many2one("ess.asset", readonly=True)
    category_id = fields.Many2one("ess.asset.category", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(
        [
            ("hour", "Hours"),
            ("day", "Days"),
            ("use", "Uses"),
            ("other", "Other Units"),
            ("money", "Money"),
        ],
        string="Counted in",
        readonly=True,
    )
    unit = fields.Char(readonly=True, help="What is counted; never mixed with another.")
    gave = fields.Float(readonly=True, digits="Product Unit", help="In its unit.")
    received = fields.Float(readonly=True, digits="Product Unit", help="In its unit.")
    quantity = fields.Float(
        string="Balance",
        readonly=True,
        digits="Product Unit",
        help="Gave − received, in its unit.",
    )
    value = fields.Monetary(
        string="Balance in Value",
        readonly=True,
        aggregator="sum",
        help="Reference value, free or not: gave − received.",
    )
    amount = fields.Monetary(
        string="Balance in Money",
        readonly=True,
        aggregator="sum",
        help="Amounts owed: for what it gave − for what it received.",
    )
    saving = fields.Monetary(
        readonly=True,
        aggregator="sum",
        help="Of who received: reference value − amount owed.",
    )

    @property
    def _table_query(self):
        found = self.env["uom.uom"].sudo()
        for name in ("hour", "day", "unit"):
            found |= self.env.ref(f"uom.product_uom_{name}").sudo()
        uoms = dict(zip(("hour", "day", "use"), found, strict=True))
        return SQL(
            SQL_ROWS,
            lang=self.env.lang or "en_US",
            digits=self.env["decimal.precision"].precision_get("Product Unit"),
            hours=self.env._("Hours"),
            days=self.env._("Days"),
            uses=self.env._("Uses"),
            held=HELD,
            **{name: uom.factor for name, uom in uoms.items()},
            **{f"{name}_path": rf"(^|/){uom.id}/" for name, uom in uoms.items()},
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """A sum over several units, or several currencies, is none."""
        name, _sep, function = aggregate_spec.partition(":")
        if function != "sum" or name not in QUANTITIES + MONEY:
            return super()._read_group_select(aggregate_spec, query)
        kept_apart = "unit" if name in QUANTITIES else "currency_id"
        column = self._field_to_sql(self._table, name, query)
        dimension = self._field_to_sql(self._table, kept_apart, query)
        return SQL(
            "CASE WHEN COUNT(DISTINCT %s) = 1 THEN SUM(%s) END", dimension, column
        )
