from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang


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

    def write(self, vals):
        if "ess_settlement_id" in vals:
            self._check_settlement_keeps(self.browse())
        if vals.get("state") == "draft":
            # a bill is left in draft by its settlement: it may become one again
            bills = self.filtered(lambda move: move.is_purchase_document())
            self._check_settlement_keeps(bills)
        elif vals.get("state") == "cancel":
            self._check_settlement_keeps(self.browse())
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._check_settlement_keeps(self.browse())

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
            if bill.reversed_entry_id:
                continue
            partner = bill.partner_id
            items = bill.ess_settlement_id.sudo().item_ids.filtered(
                lambda i, partner=partner: i.kind == "bill" and i.provider_id == partner
            )
            agreed = abs(sum(items.mapped("amount")))
            if bill.currency_id.compare_amounts(bill.amount_untaxed, agreed):
                raise UserError(
                    self.env._(
                        "%(bill)s of %(partner)s is %(found)s untaxed, but its "
                        "exchanges are %(agreed)s: correct what was agreed by a "
                        "counter-exchange.",
                        bill=bill.display_name,
                        partner=bill.partner_id.display_name,
                        found=formatLang(
                            self.env,
                            bill.amount_untaxed,
                            currency_obj=bill.currency_id,
                        ),
                        agreed=formatLang(
                            self.env, agreed, currency_obj=bill.currency_id
                        ),
                    )
                )


class AccountMoveLine(models.Model):
    """Knows the exchanges that it stands for."""

    _inherit = "account.move.line"

    ess_settlement_item_ids = fields.One2many(
        "ess.settlement.item", "move_line_id", string="Exchanges", readonly=True
    )
