from odoo import api, fields, models
from odoo.exceptions import UserError

# What a person reads and types in the unit → what is stored, in steps.
IN_UNITS = {
    "quantity": "want",
    "tolerance_quantity": "tolerance",
    "minimum_quantity": "minimum",
}
SHOWN = IN_UNITS | {"allotted_quantity": "allotted", "received_quantity": "received"}


class CommitmentQuantity(models.Model):
    """Quantities in the unit of the offer, for the back office and for files."""

    _inherit = "ess.commitment"

    # stored to be added up, by unit
    uom_id = fields.Many2one(related="offer_id.uom_id", store=True)
    quantity = fields.Float(
        string="Quantity Asked",
        digits="Product Unit",
        compute="_compute_quantities",
        inverse="_inverse_quantities",
        store=True,
    )
    tolerance_quantity = fields.Float(
        string="Tolerated More",
        digits="Product Unit",
        compute="_compute_quantities",
        inverse="_inverse_quantities",
        store=True,
    )
    minimum_quantity = fields.Float(
        string="All or Nothing",
        digits="Product Unit",
        compute="_compute_quantities",
        inverse="_inverse_quantities",
        store=True,
        aggregator=None,
    )
    allotted_quantity = fields.Float(
        string="Gets",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
    )
    received_quantity = fields.Float(
        digits="Product Unit", compute="_compute_quantities", store=True
    )

    @api.depends(*SHOWN.values(), "offer_id.step")
    def _compute_quantities(self):
        for one in self:
            step = one.offer_id._step() if one.offer_id else 1
            for shown, name in SHOWN.items():
                one[shown] = float(one[name] * step)

    def _inverse_quantities(self):
        """`create` and `write` have put them into steps before."""

    @api.model
    def _in_steps(self, vals):
        """Replace what was typed in the unit by steps of the offer.

        :raise UserError: for a quantity between two steps, with the nearest one
        """
        typed = {name: vals.pop(name) for name in IN_UNITS if name in vals}
        if not typed:
            return vals
        offer = self.env["ess.round.offer"].browse(vals.get("offer_id"))
        offer = (offer or self.offer_id).sudo()
        for name, value in typed.items():
            steps, whole = offer._to_steps(value)
            if not whole:
                raise UserError(
                    self.env._(
                        "%(field)s: %(offer)s is handed out by %(step)s; the nearest "
                        "quantity is %(nearest)s.",
                        field=self._fields[name]._description_string(self.env),
                        offer=offer.name,
                        step=offer._in_words(1),
                        nearest=offer._in_words(steps),
                    )
                )
            vals[IN_UNITS[name]] = steps
        return vals
