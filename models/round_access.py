from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class RoundAccess(models.Model):
    """Who may do what with a round, and how two acts at once collide."""

    _inherit = "ess.round"

    def _roles(self):
        """Roles of the user towards this round.

        :return: subset of {'member', 'buyer', 'facilitator', 'manager'}: a buyer left
            the circle, and is still told what became of what it had asked for
        :rtype: set[str]
        """
        self.ensure_one()
        if self.env.su:
            return {"member", "facilitator", "manager"}
        user, own = self.env.user, self.sudo()
        roles = set()
        if user._ess_is_facilitator() and own.company_id in user.company_ids:
            # a facilitator of another company is a stranger here
            roles.add("facilitator")
            if user.has_group("ess_mutualisation.group_manager"):
                roles.add("manager")
        entity = user._ess_entity()
        if entity and own.state != "draft":
            if entity in own.circle_id.entity_ids:
                roles.add("member")
            elif own._has_committed(entity):
                roles.add("buyer")
        return roles

    def _has_committed(self, entity):
        return bool(
            self.env["ess.commitment"]
            .sudo()
            .search_count(
                [("round_id", "=", self.id), ("entity_id", "=", entity.id)], limit=1
            )
        )

    def _require(self, *allowed):
        """Let the act go on only for somebody with one of these roles.

        :return: the rounds in superuser mode, for the act to write on
        :raise AccessError: for everybody else, without saying what the round is
        """
        for one in self:
            if not one._roles() & set(allowed):
                raise AccessError(
                    self.env._("This round is not yours to change: ask the federation.")
                )
        return self.sudo()

    def _require_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self.sudo():
            if one.state not in states:
                raise UserError(
                    self.env._(
                        "%(round)s is %(state)s; this is possible only while it is "
                        "%(states)s.",
                        round=one.name,
                        state=labels[one.state].lower(),
                        states=", ".join(labels[state].lower() for state in states),
                    )
                )

    def _require_open(self):
        """Commitments are taken; the database is asked for the same, so that it has to
        know of an opening that this transaction has just done."""
        self._require_state("open")
        self.flush_recordset(["state"])

    def _is_past_deadline(self):
        self.ensure_one()
        close = self.sudo().date_close
        return bool(close) and close <= fields.Datetime.now()

    # === COLLIDING === #

    def _touch(self):
        """Count up the rounds: two acts on a whole round at once collide here.

        A lock would not do: who waited for it still reads what was there before. See
        `ess.round.gate` for commitments.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE ess_round SET version = COALESCE(version, 0) + 1 "
                    "WHERE id IN %s",
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["version"])

    def _shut_gates(self):
        """Collide with every commitment that is made at this moment."""
        self.env["ess.commitment"].flush_model()
        self.env.cr.execute(
            SQL(
                "UPDATE ess_round_gate SET version = version + 1 WHERE round_id IN %s",
                tuple(self.ids),
            )
        )
