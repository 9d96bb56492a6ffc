from fractions import Fraction

from odoo import fields, models


class RoundCost(models.Model):
    """A cost that the members of a round share: freight, a fee, containers."""

    _name = "ess.round.cost"
    _description = "Shared Cost of a Round"
    _inherit = ["ess.derived"]
    _order = "sequence, id"

    round_id = fields.Many2one(
        "ess.round", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="round_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("freight", "Freight"),
            ("fee", "Fee"),
            ("container", "Deposit on Containers"),
            ("other", "Other"),
        ],
        required=True,
        default="freight",
    )
    product_id = fields.Many2one(
        "product.product", help="What is invoiced.", ondelete="restrict"
    )
    basis = fields.Selection(
        [
            ("value", "Value"),
            ("quantity", "Quantity"),
            ("weight", "Weight"),
            ("equal", "Equal"),
            ("hand", "By Hand"),
        ],
        required=True,
        default="value",
    )
    supplier_ids = fields.Many2many(
        "ess.round.supplier", help="Left empty, of all suppliers.", copy=False
    )
    estimated = fields.Monetary(help="Untaxed; shown to the members beforehand.")
    amount = fields.Monetary(copy=False, help="Untaxed; what it really was.")
    is_final = fields.Boolean(copy=False)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Line of a Bill",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    is_automatic = fields.Boolean(
        readonly=True,
        copy=False,
        help="Made when a supplier's minimum was not reached.",
    )
    weight_ids = fields.One2many("ess.round.cost.weight", "cost_id", copy=False)
    analytic_distribution = fields.Json()

    def _is_foreseen(self):
        """Whether it was planned; what a bill or a minimum brought is of its round."""
        self.ensure_one()
        if self.is_automatic:
            return False
        if self.estimated:
            return True
        return not self.move_line_id and bool(self.unit_amount or self.weight_ids)

    def _waiting_freight(self, suppliers):
        """:return: foreseen freights of just these suppliers, still without a bill"""
        return self.filtered(
            lambda cost: (
                cost.kind == "freight"
                and not cost.move_line_id
                and not cost.is_final
                and cost.supplier_ids == suppliers
            )
        )


class RoundCostWeight(models.Model):
    """A part given by hand."""

    _name = "ess.round.cost.weight"
    _description = "Part of a Shared Cost by Hand"
    _inherit = ["ess.derived"]
    _order = "cost_id, entity_id"
    _rec_name = "entity_id"

    cost_id = fields.Many2one(
        "ess.round.cost", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="cost_id.company_id", store=True)
    entity_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="restrict"
    )
    parts = fields.Float(required=True, default=1.0)
    returned = fields.Float(help="Containers that were brought back.")

    _once = models.Constraint(
        "UNIQUE (cost_id, entity_id)", "This member has its part already."
    )
    _parts_not_negative = models.Constraint(
        "CHECK (parts >= 0)", "A part cannot be negative."
    )
    _returned_in_bounds = models.Constraint(
        "CHECK (COALESCE(returned, 0) BETWEEN 0 AND parts)",
        "No more containers come back than were taken.",
    )

    def _left(self):
        """:return: parts that still count, exact"""
        return Fraction(repr(self.parts)) - Fraction(repr(self.returned or 0.0))
