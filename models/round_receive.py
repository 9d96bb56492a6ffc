from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_list

from .round_remind import COUNT


class RoundReceive(models.Model):
    """The goods of a round arrive, in one delivery or in several."""

    _inherit = "ess.round"

    def action_receive(self):
        """Ask what came; the receipts of the orders are filled in."""
        self.ensure_one()
        self._require("facilitator")._check_receivable()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ess_mutualisation.ess_round_receive_action"
            ),
            "context": {"default_round_id": self.id},
        }

    def _check_receivable(self):
        """Also when it is settled: what is counted anew is charged as a difference."""
        self._require_state("ordered", "received", "done")
        if not self.offer_ids.filtered("ordered"):
            raise UserError(self.env._("%s: nothing was ordered.", self.name))

    def _receive(self, counts):
        """Record what came of each offer.

        :param counts: {offer: (steps received, steps refused, further values)}
        """
        self.ensure_one()
        self._touch()
        self._check_receivable()
        foreign = [offer for offer in counts if offer.round_id != self]
        if foreign:
            raise UserError(
                self.env._(
                    "%(offer)s is no offer of %(round)s.",
                    offer=foreign[0].name,
                    round=self.name,
                )
            )
        short = self.env["ess.commitment"]
        for offer, (received, refused, vals) in counts.items():
            short |= offer._receive(received, refused, **vals)
        self._tell_short(short)
        if not self.offer_ids._receipts_changed():
            self.activity_unlink([COUNT])
        waiting = self.offer_ids.filtered(lambda o: o.ordered and not o.is_received)
        if self.state == "ordered" and not waiting:
            self.state = "received"
            self._tell("received")
        elif self.state == "done":
            # what was counted anew is to be settled anew
            self.state = "received"

    def _tell_short(self, short):
        """All or nothing does not hold any more: somebody has to ask these members."""
        if not short:
            return
        lines = [
            self.env._(
                "%(member)s: %(offer)s, %(got)s instead of at least %(minimum)s",
                member=one.entity_id.name,
                offer=one.offer_id.name,
                got=one.offer_id._count(one.received),
                minimum=one.offer_id._count(one.minimum),
            )
            for one in short
        ]
        text = self.env._(
            "The delivery is too short for their all or nothing, ask them: %s",
            format_list(self.env, lines),
        )
        self.message_post(body=Markup("%s") % text)
