from odoo import models
from odoo.exceptions import AccessError, UserError


class NeedAccess(models.Model):
    """Who may do what with a need: every act asks here before anything else."""

    _inherit = "ess.need"

    def _roles(self):
        """Roles of the user towards this need.

        :return: subset of {'asker', 'facilitator'}
        :rtype: set[str]
        """
        self.ensure_one()
        user, need = self.env.user, self.sudo()
        if self.env.su:
            return {"asker", "facilitator"}
        roles = set()
        if user._ess_is_facilitator() and need.company_id in user.company_ids:
            roles |= {"asker", "facilitator"}
        entity = user._ess_entity()
        if entity and entity == need.entity_id:
            roles.add("asker")
        return roles

    def _require(self, *allowed):
        """Let the act go on only for somebody with one of these roles.

        :return: the needs in superuser mode, for the act to write on
        :raise AccessError: for everybody else
        """
        for need in self:
            if not need._roles() & set(allowed):
                raise AccessError(
                    self.env._(
                        "This need is not yours: ask the member that published it, or "
                        "the federation."
                    )
                )
        return self.sudo()

    def _require_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for need in self.sudo():
            if need.state not in states:
                raise UserError(
                    self.env._(
                        "%(need)s is %(state)s; this is possible only while it is "
                        "%(states)s.",
                        need=need.display_name,
                        state=need.with_env(self.env)._state_label(),
                        states=", ".join(labels[state].lower() for state in states),
                    )
                )

    def _try(self, act, *args):
        """Run an act so that a refusal leaves nothing behind and can be shown.

        :param str act: name of the method
        :return: None, or the sentences of the refusal
        :rtype: list[str] or None
        """
        return self._try_on(self, act, *args)

    def _try_on(self, record, act, *args):
        """The same for an act of a part of the need.

        :param record: where the method is
        """
        try:
            with self.env.cr.savepoint():
                getattr(record, act)(*args)
        except AccessError:
            raise
        except UserError as error:
            self.env.invalidate_all()
            return str(error).split("\n")
        return None


class NeedLineAccess(models.Model):
    _inherit = "ess.need.proposal.line"

    def _is_answerer(self):
        """Whether the user answers for the asset: its owner, its keeper, the desk."""
        self.ensure_one()
        user, line = self.env.user, self.sudo()
        if self.env.su:
            return True
        if user._ess_is_facilitator() and line.company_id in user.company_ids:
            return True
        entity = user._ess_entity()
        return bool(entity) and entity in line.asset_id._lender_entities()

    def _require_answerer(self):
        """:return: the lines in superuser mode"""
        for line in self:
            if not line._is_answerer():
                raise AccessError(
                    self.env._("You cannot answer for this asset: it is not yours.")
                )
        return self.sudo()
