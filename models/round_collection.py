from odoo import fields, models


class RoundCollection(models.Model):
    """When one member comes for its goods, and whether it came."""

    _name = "ess.round.collection"
    _description = "Collection by a Member"
    _inherit = ["ess.derived"]
    _order = "slot_id, entity_id, id"
    _rec_name = "entity_id"

    round_id = fields.Many2one(
        "ess.round", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="round_id.company_id", store=True)
    entity_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="restrict"
    )
    slot_id = fields.Many2one("ess.round.slot", index="btree_not_null")
    collected_on = fields.Datetime(readonly=True)
    collected_by_id = fields.Many2one("res.partner", readonly=True)
    note = fields.Char()

    _once = models.Constraint(
        "UNIQUE (round_id, entity_id)", "This member has its collection already."
    )
