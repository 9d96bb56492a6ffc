from odoo import api, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_amount

from .need_proposal import LIVE

# What a volunteer may say about a need on the portal.
PORTAL_FIELDS = {
    "name",
    "description",
    "category_id",
    "quantity",
    "start",
    "stop",
    "city",
    "radius_km",
}


class NeedPortal(models.Model):
    """What the portal asks of needs. Every method checks for whom it works."""

    _inherit = "ess.need"

    # === SAVING === #

    def _portal_save(self, vals):
        """Publish a new need (on an empty recordset), or change one.

        :return: the need
        """
        vals = {name: value for name, value in vals.items() if name in PORTAL_FIELDS}
        self._portal_check(vals)
        if self:
            need = self._require("asker", "facilitator")
            self._require_state("draft", "published")
            need.write(vals)
            return need.sudo(False)
        entity = self.env.user._ess_entity()
        if not entity:
            raise AccessError(
                self.env._("Only a member organisation may publish a need.")
            )
        need = self.sudo().create(
            {
                **vals,
                "entity_id": entity.id,
                "contact_id": self.env.user.partner_id.id,
            }
        )
        need = need.sudo(False)
        need.action_publish()
        return need

    def _portal_check(self, vals):
        """Refuse what makes no sense, with the name of the field first."""
        if not (vals.get("name") or "").strip():
            raise ValidationError(
                self.env._("What: say what you need, in a few words.")
            )
        if vals.get("quantity", 1) < 1:
            raise ValidationError(
                self.env._("How many: you need at least one, not %s.", vals["quantity"])
            )
        if vals.get("category_id"):
            categories = self.env["ess.asset.category"].sudo()
            if not categories.browse(vals["category_id"]).exists():
                raise ValidationError(self.env._("Kind: choose one of the list."))

    # === LISTS === #

    @api.model
    def _portal_mine_domain(self):
        """Needs of the user's organisation.

        :rtype: Domain
        """
        entity = self.env.user._ess_entity()
        return Domain("entity_id", "=", entity.id) if entity else Domain.FALSE

    @api.model
    def _ready_domain(self):
        """Needs for which a proposal can be taken.

        :rtype: Domain
        """
        return Domain("state", "=", "published") & Domain(
            "proposal_ids.state", "=", "ready"
        )

    @api.model
    def _portal_board_domain(self):
        """Needs of others that the user's organisation could meet.

        :rtype: Domain
        """
        entity = self.env.user._ess_entity()
        if not entity and not self.env.user._ess_is_facilitator():
            return Domain.FALSE
        return Domain("state", "=", "published") & Domain("entity_id", "!=", entity.id)

    def _portal_answers(self):
        """What the user's organisation is asked for here, one line for each asset.

        :return: lines in superuser mode: asked, or answered and still waiting
        """
        self.ensure_one()
        return (
            self.sudo()
            .line_ids.filtered(
                lambda line: (
                    line.proposal_id.state in LIVE
                    and line._is_current()
                    and line.with_env(self.env)._is_mine()
                )
            )
            ._once_per_asset()
        )

    def _portal_offerable(self):
        """Assets of the user's organisation that it could offer for this need.

        :return: [(asset in superuser mode, free units)]
        """
        self.ensure_one()
        entity, need = self.env.user._ess_entity(), self.sudo()
        if not entity or entity == need.entity_id or need.state != "published":
            return []
        mine = Domain("owner_id", "=", entity.id) | Domain(
            "custodian_id", "=", entity.id
        )
        assets = need.env["ess.asset"].search(
            mine
            & Domain("published", "=", True)
            & Domain("company_id", "=", need.company_id.id)
            & Domain("id", "not in", self._portal_answers().asset_id.ids)
        )
        free = assets._free_units(need.start, need.stop)
        return [(asset, free[asset.id]) for asset in assets if free[asset.id]]

    def _portal_proposals(self):
        """Proposals in the order in which they are shown: what can be taken first."""
        self.ensure_one()
        shown = ("accepted", *LIVE)
        proposals = self.sudo().proposal_ids.filtered(lambda p: p.state in shown)
        return proposals.sorted(
            lambda p: (p.state != "accepted", p.state != "ready", p.rank, p.id)
        )


class NeedProposalPortal(models.Model):
    _inherit = "ess.need.proposal"

    def _price_in_words(self):
        """What all of it would cost the member today."""
        self.ensure_one()
        proposal = self.sudo()
        need, total = proposal.need_id, 0
        for line in proposal.line_ids:
            quote = need._new_booking(line.asset_id, line.quantity)._quote()
            total += quote.get("amount", 0)
        if not total:
            return self.env._("Free of charge")
        return format_amount(self.env, total, need.company_id.currency_id)


class NeedLinePortal(models.Model):
    _inherit = "ess.need.proposal.line"

    def _is_mine(self):
        """Whether the user's own organisation owns or keeps the asset."""
        self.ensure_one()
        entity = self.env.user._ess_entity()
        return bool(entity) and entity in self.sudo().asset_id._lender_entities()
