from odoo import api, fields, models
from odoo.exceptions import UserError

from .entered import entered

# What the acts of a round write, and nobody else.
DECIDED = {
    "extended_on",
    "frozen_by_id",
    "frozen_hash",
    "frozen_input",
    "frozen_on",
    "frozen_result",
    "mails_due",
    "next_ids",
    "planned_close",
    "previous_id",
    "reason",
    "reference",
    "reminded_on",
    "repeat_day",
    "settled_on",
    "state",
    "version",
}
# By which rule it is decided: members committed under these.
RULES = {"bump", "circle_id", "commission_percent", "company_id", "legal_mode"}
RULES |= {"ration_rule", "tz", "date_open"}
# What the freeze does: of no use after it.
UNTIL_CLOSED = {"date_close", "extend_days", "minimum_policy", "product_policy"}
UNTIL_CLOSED |= {"reminder_hours"}
DRAFT = {"state": "draft", "reference": "/"}
SUPPLIER_DECIDED = {"amount", "company_id", "purchase_id", "state", "weight"}
SUPPLIER_TERMS = {"minimum_amount", "minimum_weight", "partner_id", "round_id"}


class RoundGuard(models.Model):
    """What nobody enters on a round, on any channel."""

    _inherit = "ess.round"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                found = entered(self, vals)
                self._refuse_decided(
                    {
                        name
                        for name, value in found.items()
                        if value and DRAFT.get(name) != value
                    }
                )
        return super().create(vals_list)

    def write(self, vals):
        names = set(vals)
        if not self.env.su:
            self._refuse_decided(names)
            if RULES & names:
                self._require_state("draft")
            if UNTIL_CLOSED & names:
                self._require_state("draft", "open")
                self._touch()
        deadline = fields.Datetime.to_datetime(vals.get("date_close"))
        moved = self.filtered(
            lambda r: (
                "date_close" in vals and r.state == "open" and r.date_close != deadline
            )
        )
        if moved and not self.env.su:
            moved._check_new_deadline(deadline)
            vals = {**vals, "reminded_on": False}
            res = super().write(vals)
            moved.sudo()._after_new_deadline()
            return res
        return super().write(vals)

    def _refuse_decided(self, names):
        if DECIDED & names:
            raise UserError(
                self.env._(
                    "The state of a round and what it decided are not entered by hand: "
                    "use its actions."
                )
            )

    def _check_new_deadline(self, moment):
        if not moment or moment <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "Closes: give a deadline that lies ahead; to close the round now, "
                    "use its action."
                )
            )

    def _after_new_deadline(self):
        """Who waits for an answer about a minimum has it: there is more time."""
        for one in self:
            one._ask_anew()
            one._call_cron("close", one.date_close)
            one._tell("extended")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shown(self):
        """What members have seen is cancelled, not deleted."""
        self._require_state("draft")


class RoundSupplierGuard(models.Model):
    _inherit = "ess.round.supplier"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                found = entered(self, vals)
                self._refuse_decided(
                    {
                        name
                        for name, value in found.items()
                        if value and (name, value) != ("state", "open")
                    }
                )
        suppliers = super().create(vals_list)
        suppliers.sudo().round_id._require_state("draft", "open")
        return suppliers

    def write(self, vals):
        if not self.env.su:
            self._refuse_decided(set(vals))
        if any(
            one.round_id.id != vals.get("round_id", one.round_id.id) for one in self
        ):
            raise UserError(
                self.env._(
                    "A supplier stays in its round, with its offers: add it to the "
                    "other round."
                )
            )
        if SUPPLIER_TERMS & set(vals):
            self.sudo().round_id._require_state("draft", "open")
            self.round_id._touch()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shown(self):
        self.sudo().round_id._require_state("draft")

    def _refuse_decided(self, names):
        if SUPPLIER_DECIDED & names:
            raise UserError(
                self.env._(
                    "What is ordered of a supplier is decided by the round; it is not "
                    "entered by hand."
                )
            )
