from odoo import models

COUNT = "ess_mutualisation.mail_activity_round_count"
SETTLE = "ess_mutualisation.mail_activity_round_settle"


class RoundRemind(models.Model):
    """The coordinator is told, once, of what happens outside of the round."""

    _inherit = "ess.round"

    def _remind_coordinator(self, kind, note):
        """Schedule an activity of this kind, unless one is waiting already.

        :param note: takes the round in the language of its coordinator, returns text
        """
        for one in self.sudo():
            user = one.coordinator_id
            # who has left is told nothing; the filters find the round all the same
            if not user.active or one.activity_search([kind]):
                continue
            speaking = one.with_context(lang=user.lang or self.env.lang)
            speaking.activity_schedule(kind, note=note(speaking), user_id=user.id)

    def _remind_to_count(self, order):
        self.filtered(
            lambda r: r.state in ("ordered", "received", "done")
        )._remind_coordinator(
            COUNT,
            lambda one: one.env._(
                "%(order)s has received something, or sent it back: count it with "
                "Receive.",
                order=order.name,
            ),
        )
