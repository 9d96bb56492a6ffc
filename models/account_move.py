from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from .entered import entered


class AccountMove(models.Model):
    """Knows the settlement that made it, and changes only together with it."""

    _inherit = "account.move"

    ess_settlement_id = fields.Many2one(
        "ess.settlement",
        string="Settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(
            "ess_settlement_id" in entered(self, vals) for vals in vals_list
        ):
            self._refuse_link()
        return super().create(vals_list)

    def write(self, vals):
        if "ess_settlement_id" in vals:
            if not self.env.su:
                self._refuse_link()
            self._check_settlement_keeps(self.browse())
        if vals.get("state") == "draft":
            # a bill is left in draft by its settlement: it may become one again
            bills = self.filtered(
                lambda move: (
                    move.is_purchase_document()
                    and move.ess_settlement_id.sudo().state == "posted"
                )
            )
            self._check_settlement_keeps(bills)
        elif vals.get("state") == "cancel":
            self._check_settlement_keeps(self.browse())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._check_settlement_keeps(self.browse())

    def _refuse_link(self):
        """A bill that passes for one of a settlement would be no cost of its pool."""
        raise UserError(
            self.env._("Settlement: only a settlement says which documents it made.")
        )

    def _check_settlement_keeps(self, but):
        """Refuse to take a document out of its settlement.

        :param but: moves that may be changed nevertheless
        """
        for move in (self - but).filtered("ess_settlement_id"):
            settlement = move.ess_settlement_id.sudo()
            gone = settlement.state == "reversed" and move.state != "posted"
            if gone or settlement.state in ("draft", "prepared"):
                continue
            raise UserError(
                self.env._(
                    "%(move)s belongs to the settlement %(settlement)s: correct it by "
                    "a counter-exchange, or reverse the settlement as a whole.",
                    move=move.display_name,
                    settlement=settlement.name,
                )
            )

    # === POSTING === #

    def _post(self, soft=True):
        self._check_settled_bills()
        return super()._post(soft)

    def _check_settled_bills(self):
        """A bill of a settlement says what its exchanges say, to the cent."""
        for bill in self:
            if not (bill.ess_settlement_id and bill.is_purchase_document()):
                continue
            settlement, partner = bill.ess_settlement_id.sudo(), bill.partner_id
            items = settlement.item_ids.filtered(
                lambda i, partner=partner: i.kind == "bill" and i.provider_id == partner
            )
            agreed = sum(items.mapped("amount"))
            # signed and in company currency: neither a refund nor dollars pass for it
            found = -bill.amount_untaxed_signed
            currency = bill.company_currency_id
            if currency.compare_amounts(found, agreed):
                raise UserError(
                    self.env._(
                        "%(bill)s of %(partner)s is %(found)s untaxed, but its "
                        "exchanges are %(agreed)s: correct what was agreed by a "
                        "counter-exchange.",
                        bill=bill.display_name,
                        partner=bill.partner_id.display_name,
                        found=formatLang(self.env, found, currency_obj=currency),
                        agreed=formatLang(self.env, agreed, currency_obj=currency),
                    )
                )


class AccountMoveLine(models.Model):
    """Knows the exchanges that it stands for."""

    _inherit = "account.move.line"

    ess_settlement_item_ids = fields.One2many(
        "ess.settlement.item",
        "move_line_id",
        string="Exchanges",
        readonly=True,
        # who only invoices reads the line all the same
        groups="ess_mutualisation.group_facilitator,ess_mutualisation.group_accountant",
    )
