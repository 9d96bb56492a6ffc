from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .need_proposal import LIVE


class NeedAnswer(models.Model):
    """Lenders say yes or no; a proposal to which all say yes can be taken."""

    _inherit = "ess.need.proposal.line"

    def action_agree(self):
        """Say yes for this asset, for as many units as are asked here, or fewer."""
        lines = self._require_answerer()
        lines._require_open("asked")
        lines.need_id._bump_answers()
        for line in lines:
            same = line._same_asset(("asked",))
            same.filtered(lambda one, line=line: one.quantity <= line.quantity)._note(
                "agreed", self.env.user.partner_id
            )
        # a yes to what was taken meanwhile makes nobody wait
        lines.need_id._drop_taken()
        lines.need_id._weigh()
        return True

    def action_decline(self, reason):
        """Say no for this asset, with a reason; others are looked for at once."""
        lines = self._require_answerer()
        lines._require_open("asked", "agreed")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Reason: say why, so that the other side knows.")
            )
        needs = lines.need_id
        needs._bump_answers()
        for line in lines:
            same = line._same_asset(("asked", "agreed"))
            same._note("declined", self.env.user.partner_id, reason)
            same.proposal_id.filtered(lambda p: p.state in LIVE).state = "declined"
        needs._propose()
        return True

    def _same_asset(self, states):
        """All that this need asks of the same asset for the same dates."""
        self.ensure_one()
        return self.need_id.line_ids.filtered(
            lambda one: (
                one.asset_id == self.asset_id
                and one.state in states
                and one.proposal_id.state in LIVE
            )
        )

    def _note(self, state, person, reason=False):
        self.write(
            {
                "state": state,
                "reason": reason,
                "answered_on": fields.Datetime.now(),
                "answered_by_id": person.id,
            }
        )

    def _require_open(self, *states):
        """Answers are given while the need waits for them."""
        for line in self:
            line.need_id._require_state("published")
            if line.proposal_id.state not in LIVE or line.state not in states:
                raise UserError(
                    self.env._(
                        "%(asset)s is no longer asked for here: the need was met "
                        "otherwise, or it was answered already.",
                        asset=line.asset_id.display_name,
                    )
                )

    # === LISTS === #

    @api.model
    def _portal_answer_domain(self):
        """What waits for the user's yes or no, as owner or as keeper.

        :rtype: Domain
        """
        entity = self.env.user._ess_entity()
        if not entity:
            return Domain.FALSE
        return Domain("is_waiting", "=", True) & (
            Domain("lender_id", "=", entity.id)
            | Domain("asset_id.custodian_id", "=", entity.id)
        )

    def _once_per_asset(self):
        """One line for each asset of a need: the one that asks for most."""
        best = {}
        for line in self.sorted(lambda one: (-one.quantity, one.id)):
            best.setdefault((line.need_id, line.asset_id), line)
        return self.browse([line.id for line in best.values()])


class NeedAnswers(models.Model):
    _inherit = "ess.need"

    def _bump_answers(self):
        """Make two answers at the same moment collide.

        Each would read the other's line as not answered yet, and the proposal would
        wait for ever. The second fails to serialize and is tried again.
        """
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE ess_need SET answer_version = COALESCE(answer_version, 0) + 1 "
                "WHERE id = ANY(%s)",
                sorted(self.ids),
            )
        )

    def _weigh(self):
        """Proposals to which every lender said yes are ready; the member is told."""
        for need in self:
            ready = need.proposal_ids.filtered(
                lambda p: (
                    p.state == "proposed"
                    and all(line.state == "agreed" for line in p.line_ids)
                )
            )
            if ready:
                ready.state = "ready"
                need._tell_asker("ready")
