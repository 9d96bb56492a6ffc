from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class CircleMembership(models.Model):
    """One organisation in one circle, and the charter version it accepted."""

    _name = "ess.circle.membership"
    _description = "Circle Membership"
    _inherit = ["ess.derived"]
    _order = "circle_id, entity_id"
    _rec_name = "entity_id"

    circle_id = fields.Many2one(
        "ess.circle", required=True, index=True, ondelete="cascade"
    )
    entity_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('ess_is_member', '=', True)]",
    )
    company_id = fields.Many2one(related="circle_id.company_id", store=True)
    joined_on = fields.Date(default=fields.Date.context_today)
    accepted_version = fields.Integer(readonly=True, copy=False)
    accepted_on = fields.Datetime(readonly=True, copy=False)
    accepted_by_id = fields.Many2one(
        "res.partner", string="Accepted by", readonly=True, copy=False
    )
    charter_accepted = fields.Boolean(compute="_compute_charter_accepted", store=True)

    _once = models.Constraint(
        "UNIQUE (circle_id, entity_id)", "This organisation is in the circle already."
    )

    # === COMPUTE METHODS === #

    @api.depends("accepted_version", "circle_id.charter_version", "circle_id.charter")
    def _compute_charter_accepted(self):
        for membership in self:
            circle = membership.circle_id
            membership.charter_accepted = (
                not circle.charter
                or membership.accepted_version >= circle.charter_version
            )

    # === ACTIONS === #

    def action_accept_charter(self, version=None):
        """Record that the user's organisation accepts the charter as it is now.

        A member's volunteer accepts for its own organisation; a facilitator records
        an acceptance that was given on paper.

        :param int version: of the text that was read; None takes the present one
        """
        user = self.env.user
        if user._ess_is_facilitator():
            # not for members of another company
            self.check_access("write")
        elif not self.env.su and any(
            m.entity_id != user._ess_entity() for m in self.sudo()
        ):
            raise AccessError(
                self.env._("You can accept a charter for your organisation only.")
            )
        for membership in self.sudo():
            if version is not None and version != membership.circle_id.charter_version:
                raise UserError(
                    self.env._(
                        "The charter of %s was changed meanwhile: read it again, "
                        "please, before you accept it.",
                        membership.circle_id.name,
                    )
                )
            membership.write(
                {
                    "accepted_version": membership.circle_id.charter_version,
                    "accepted_on": fields.Datetime.now(),
                    "accepted_by_id": user.partner_id.id,
                }
            )
