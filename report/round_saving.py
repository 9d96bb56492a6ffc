from odoo import fields, models
from odoo.tools import SQL

# One row per member and offer of what was settled, or, where members order themselves,
# of what each was allotted. Alone: the cheapest tier that its own quantity reaches, the
# first tier below all of them. Prices are exact until the amount is rounded to a cent.
SQL_ROWS = """
    SELECT fact.id, fact.round_id, fact.offer_id, fact.entity_id, fact.company_id,
           fact.date, offer.product_id, supplier.partner_id AS supplier_id,
           currency.id AS currency_id,
           fact.steps * offer.step AS quantity,
           amount.paid, amount.alone, amount.first_tier,
           amount.alone - amount.paid AS saved_alone,
           amount.first_tier - amount.paid AS saved_first
      FROM (SELECT one.id, one.round_id, one.offer_id, one.entity_id,
                   buying.company_id, buying.legal_mode,
                   COALESCE(buying.date_delivery, buying.frozen_on::date) AS date,
                   CASE WHEN buying.legal_mode = 'referencing'
                             AND NOT COALESCE(offered.is_received, FALSE)
                        THEN one.allotted ELSE one.received END AS steps,
                   share.amount AS share
              FROM ess_commitment one
              JOIN ess_round buying ON buying.id = one.round_id
              JOIN ess_round_offer offered ON offered.id = one.offer_id
              LEFT JOIN ess_round_share share
                     ON share.offer_id = one.offer_id
                    AND share.entity_id = one.entity_id AND share.kind = 'goods'
             WHERE buying.state IN ('ordered', 'received', 'done')) fact
      JOIN ess_round_offer offer ON offer.id = fact.offer_id
      JOIN ess_round_supplier supplier ON supplier.id = offer.supplier_id
      JOIN res_company company ON company.id = fact.company_id
      JOIN res_currency currency ON currency.id = company.currency_id
     CROSS JOIN LATERAL (
           SELECT MIN(tier.price) FILTER (WHERE tier.from_quantity <= fact.steps)
                      AS reached,
                  (ARRAY_AGG(tier.price ORDER BY tier.from_quantity, tier.price))[1]
                      AS lowest
             FROM (SELECT from_quantity,
                          CASE WHEN COALESCE(carton_price, 0) <> 0
                               THEN carton_price::numeric / offer.carton
                               ELSE price::numeric * offer.step::numeric
                          END AS price
                     FROM ess_round_tier WHERE offer_id = offer.id) tier) price
     CROSS JOIN LATERAL (
           SELECT CASE WHEN fact.legal_mode = 'referencing'
                       THEN ROUND((fact.steps * offer.unit_price * offer.step)::numeric,
                                  currency.decimal_places)
                       ELSE ROUND(fact.share::numeric, currency.decimal_places)
                  END AS paid,
                  ROUND(fact.steps * COALESCE(price.reached, price.lowest),
                        currency.decimal_places) AS alone,
                  ROUND(fact.steps * price.lowest, currency.decimal_places)
                      AS first_tier) amount
     WHERE fact.steps > 0
       AND (fact.share IS NOT NULL OR fact.legal_mode = 'referencing')
"""


class RoundSaving(models.Model):
    """What buying together saved: goods alone, untaxed, without shared costs."""

    _name = "ess.round.saving"
    _description = "Savings of Buying Together"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "offer_id"
    _depends = {
        "ess.commitment": [
            "round_id", "offer_id", "entity_id", "allotted", "received",
        ],
        "ess.round": [
            "company_id", "legal_mode", "date_delivery", "frozen_on", "state",
        ],
        "ess.round.offer": [
            "product_id", "supplier_id", "step", "carton", "unit_price", "is_received",
        ],
        "ess.round.share": ["offer_id", "entity_id", "kind", "amount"],
        "ess.round.supplier": ["partner_id"],
        "ess.round.tier": ["offer_id", "from_quantity", "price", "carton_price"],
    }  # fmt: skip

    round_id = fields.Many2one("ess.round", readonly=True)
    offer_id = fields.Many2one("ess.round.offer", readonly=True)
    entity_id = fields.Many2one("res.partner", string="Member", readonly=True)
    supplier_id = fields.Many2one("res.partner", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    paid = fields.Monetary(readonly=True, help="For the goods, untaxed.")
    alone = fields.Monetary(
        readonly=True,
        help="At the tier of its own quantity. Cartons and minima of the supplier, "
        "which one alone often cannot reach, and freight are left aside.",
    )
    first_tier = fields.Monetary(
        string="At the First Tier",
        readonly=True,
        help="At the price of the smallest quantity.",
    )
    saved_alone = fields.Monetary(string="Saved Against Alone", readonly=True)
    saved_first = fields.Monetary(string="Saved Against First Tier", readonly=True)

    @property
    def _table_query(self):
        return SQL(SQL_ROWS)
