from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .entered import entered

# What a member says; each is part of what the freeze decides from.
RAW = {"want", "tolerance", "minimum", "ceiling", "has_ceiling"}
NOTHING = {"want": 0, "tolerance": 0, "minimum": 0}
WHOSE = {"offer_id", "entity_id"}
DECIDED = {
    "allotted",
    "collected",
    "collected_on",
    "committed_on",
    "company_id",
    "reason_code",
    "reason_figures",
    "received",
    "round_id",
    "version",
}


class CommitmentFlow(models.Model):
    """What may be said when, by whom, on any channel.

    The database refuses a change after the freeze too (see `ess.round.gate`); here it
    is said in a sentence.
    """

    _inherit = "ess.commitment"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._in_steps(dict(vals)) for vals in vals_list]
        if not self.env.su:
            for vals in vals_list:
                self._refuse_decided(
                    {name for name, value in entered(self, vals).items() if value}
                )
        for vals in vals_list:
            vals.update(self._complete(vals))
        offers = self.env["ess.round.offer"].browse(
            {vals["offer_id"] for vals in vals_list if vals.get("offer_id")}
        )
        offers.sudo().round_id._require_open()
        commitments = super().create(vals_list)
        commitments._check_members()
        return commitments

    def write(self, vals):
        if not self.env.su:
            self._refuse_decided(set(vals))
        if WHOSE & set(vals):
            raise UserError(
                self.env._(
                    "Whose commitment it is, and to what, does not change: withdraw "
                    "it, and make another."
                )
            )
        for one in self:
            own = one._in_steps(dict(vals))
            if RAW & set(own):
                one._check_open()
                own |= one._complete(own)
                own["version"] = one.version + 1
                if own.get("want", 0) > one.want:
                    # who asks for more takes its place in the line anew
                    own["committed_on"] = fields.Datetime.now()
            super(CommitmentFlow, one).write(own)
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_committed(self):
        """A commitment is withdrawn, so that who looks at it sees that."""
        for one in self.sudo():
            one.round_id._require_state("draft", "cancelled")

    def _refuse_decided(self, names):
        if DECIDED & names:
            raise UserError(
                self.env._(
                    "What a member gets is decided by the freeze and by what was "
                    "delivered; it is not entered by hand."
                )
            )

    @api.model
    def _complete(self, vals):
        """A ceiling that is given counts; one that is emptied does not."""
        if "ceiling" in vals and "has_ceiling" not in vals:
            return {"has_ceiling": bool(vals["ceiling"])}
        return {}

    # === CHECKS === #

    def _check_open(self):
        self.sudo().offer_id.round_id._require_open()

    def _check_members(self):
        for one in self.sudo():
            circle = one.offer_id.round_id.circle_id
            if one.entity_id not in circle.entity_ids:
                raise UserError(
                    self.env._(
                        "%(member)s is not in the circle %(circle)s, to which this "
                        "round is open.",
                        member=one.entity_id.name,
                        circle=circle.name,
                    )
                )

    # === ACTS === #

    def action_withdraw(self):
        """Take a commitment back: the member until the deadline, the federation as
        long as the round is open."""
        user, office = self.env.user, self.env["ess.commitment"]
        for one in self.sudo():
            if "facilitator" in one.round_id.sudo(self.env.su)._roles():
                office |= one
            elif one.entity_id != user._ess_entity() or not one.entity_id:
                raise AccessError(
                    self.env._("You can withdraw commitments of your organisation only")
                )
        for one in self.sudo():
            one._check_open()
            if one not in office:
                one._check_deadline()
            one.write({**NOTHING, "contact_id": user.partner_id.id})
        return True

    def _check_deadline(self):
        self.offer_id.round_id._check_deadline()
