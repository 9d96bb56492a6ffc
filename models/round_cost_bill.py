from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.round_bill import SharedCost, basis_weights


class RoundCostBill(models.Model):
    """What a shared cost really was; before that, nothing is charged for it."""

    _inherit = "ess.round.cost"

    unit_amount = fields.Monetary(
        string="Deposit of One",
        help="For containers: each member pays it for those that it has taken and not "
        "brought back, as counted below.",
    )
    is_known = fields.Boolean(compute="_compute_is_known")
    real_amount = fields.Monetary(
        compute="_compute_is_known", help="Untaxed, of the bill where there is one."
    )

    _unit_not_negative = models.Constraint(
        "CHECK (COALESCE(unit_amount, 0) >= 0)", "A deposit cannot be negative."
    )
    _one_cost_per_line = models.UniqueIndex(
        "(move_line_id) WHERE move_line_id IS NOT NULL",
        "This line of a bill is a shared cost already.",
    )

    @api.depends(
        "is_final", "amount", "move_line_id.parent_state", "move_line_id.balance"
    )
    def _compute_is_known(self):
        for cost in self:
            line = cost.sudo().move_line_id
            cost.is_known = line.parent_state == "posted" if line else cost.is_final
            cost.real_amount = line.balance if line else cost.amount

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_read({vals.get("move_line_id") for vals in vals_list})
        return super().create(vals_list)

    def write(self, vals):
        self._check_may_read({vals.get("move_line_id")})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_charged(self):
        """What members were told and charged stays explained."""
        shares = self.env["ess.round.share"].sudo()
        for cost in self:
            mine = shares.search([("cost_id", "=", cost.id)])
            if mine.exchange_ids:
                raise UserError(
                    self.env._(
                        "%(cost)s was charged already: it is not deleted. Take its "
                        "line of a bill away, set its amount to 0 and settle again.",
                        cost=cost.name,
                    )
                )
            # or else the database would only empty their link, and mix them up
            mine.unlink()

    def _check_may_read(self, line_ids):
        """The amount of the line is told to all who coordinate: nobody may choose one
        that it could not read itself."""
        lines = self.env["account.move.line"].browse(filter(None, line_ids))
        lines.check_access("read")

    @api.constrains("move_line_id")
    def _check_move_line(self):
        for cost in self.filtered("move_line_id"):
            line = cost.move_line_id
            if (
                line.move_id.move_type not in ("in_invoice", "in_refund")
                or line.display_type != "product"
                or line.company_id != cost.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "Line of a bill: %(line)s is no product line of a vendor bill.",
                        line=line.display_name,
                    )
                )

    def _bill_facts(self, taxes):
        """:param taxes: {line of a bill: cents of its tax}, where tax is passed on
        :return: the facts that the rule needs of each of these costs"""
        facts = []
        for cost in self:
            digits = 10**cost.currency_id.decimal_places
            counted = cost.kind == "container" and cost.unit_amount
            facts.append(
                SharedCost(
                    key=cost.id,
                    amount=round(cost.real_amount * digits),
                    basis="count" if counted else cost.basis,
                    suppliers=frozenset(cost.supplier_ids.ids) or None,
                    parts={
                        weight.entity_id.id: weight._left()
                        for weight in cost.weight_ids
                    },
                    unit=round(cost.unit_amount * digits),
                    tax=taxes.get(cost.move_line_id, 0),
                )
            )
        return facts

    def _check_can_be_shared(self, fact, goods):
        if fact.basis == "count" or any(basis_weights(fact, goods).values()):
            return
        words = {"cost": self.name}
        raise UserError(
            {
                "value": self.env._(
                    "%(cost)s cannot be shared by value: no goods of its suppliers "
                    "were received. Choose another basis.",
                    **words,
                ),
                "quantity": self.env._(
                    "%(cost)s cannot be shared by quantity: no goods of its suppliers "
                    "were received. Choose another basis.",
                    **words,
                ),
                "weight": self.env._(
                    "%(cost)s cannot be shared by weight: no product that was received "
                    "has one. Choose another basis.",
                    **words,
                ),
                "equal": self.env._(
                    "%(cost)s cannot be shared: no member received anything of its "
                    "suppliers. Share it by hand.",
                    **words,
                ),
                "hand": self.env._(
                    "%(cost)s is shared by hand, but nobody has a part: enter them.",
                    **words,
                ),
            }[fact.basis]
        )
