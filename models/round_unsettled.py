from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools.round_bill import changes
from .round import OFFICE
from .round_remind import SETTLE


class RoundUnsettled(models.Model):
    """What changed after a round was settled: pointed out, and charged next."""

    _inherit = "ess.round"

    unsettled = fields.Text(
        compute="_compute_unsettled",
        groups=OFFICE,
        help="How what is due now differs from what was charged.",
    )

    @api.depends("state", "settled_on")
    def _compute_unsettled(self):
        for one in self:
            settled = one.settled_on and one.state in ("received", "done")
            one.unsettled = settled and "\n".join(one.sudo()._unsettled())

    def _unsettled(self):
        """:return: sentences"""
        self.ensure_one()
        try:
            due = self._due()
        except UserError as error:
            return [str(error)]
        return self._unsettled_members(due) + self._unsettled_residue(due)

    def _unsettled_members(self, due):
        found = {}
        for (member, *_what), change in self._uncharged(due).items():
            found[member] = found.get(member, 0) + change[1]
        if not found:
            return []
        more = [cents for cents in found.values() if cents > 0]
        less = [cents for cents in found.values() if cents < 0]
        if not more + less:
            return [
                self.env._("Not settled yet: the goods have changed, amounts have not.")
            ]
        return [
            self.env._(
                "Not settled yet: %(more)s more of %(debtors)s members, %(less)s less "
                "of %(creditors)s. Settle charges the difference.",
                more=self._format_cents(sum(more)),
                debtors=len(more),
                less=self._format_cents(-sum(less)),
                creditors=len(less),
            )
        ]

    def _unsettled_residue(self, due):
        now = sum(part.cents + part.tax for key, part in due.items() if not key[2])
        rows = self.share_ids.filtered(lambda share: share.kind == "residue")
        then = sum(sum(share._due_figures()[1:2]) for share in rows)
        if now == then:
            return []
        return [
            self.env._(
                "Not settled yet: the residue is %(now)s now, it was %(then)s.",
                now=self._format_cents(now),
                then=self._format_cents(then),
            )
        ]

    def _format_cents(self, cents):
        return format_amount(self.env, self._from_cents(cents), self.currency_id)

    def _uncharged(self, due):
        """What `_exchange_changes` would add.

        :return: {(member, …): (steps, cents)}
        """
        federation = self.company_id.partner_id.id
        offers = self.env["ess.round.offer"]
        parts, charged = {}, {}
        for (kind, origin, member), part in due.items():
            if member and member != federation:
                goods = kind == "goods" and offers.browse(origin)._invoiced_goods()
                figures = (part.quantity, part.cents + part.tax)
                parts[member, kind, origin, int(goods)] = figures
        for share in self.share_ids:
            kind, origin, member = share._key()
            if member and member != federation:
                for goods, figures in share._done_figures().items():
                    charged[member, kind, origin, goods] = figures[:2]
        return changes(parts, charged)

    # === WHAT HAPPENS IN THE BOOKS === #

    def _bill_changed(self, bill):
        """A bill was posted, or taken back: what was settled has to be settled anew."""
        own = self.sudo()
        # who settles at this moment has not seen it, and has to begin again
        own._touch()
        rounds = own.filtered(
            lambda r: r.settled_on and r.state in ("received", "done")
        )
        rounds.filtered(lambda r: r.state == "done").state = "received"
        rounds._remind_coordinator(
            SETTLE,
            lambda one: one.env._(
                "%(bill)s changed after %(round)s was settled: Settle charges the "
                "difference.",
                bill=bill.display_name,
                round=one.name,
            ),
        )
