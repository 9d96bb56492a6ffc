from uuid import uuid4

from odoo import api, fields, models


class SettlementLine(models.Model):
    """The position of one party in a settlement, and its statement on the portal.

    The federation has its line too, so that the net positions add up to zero.
    All amounts are untaxed, except where they say so. Of the federation, what it
    invoices counts as negative, so that every column of a settlement adds up to zero.
    """

    _name = "ess.settlement.line"
    _description = "Settlement Statement"
    _inherit = ["portal.mixin"]
    _order = "settlement_id desc, is_federation, entity_id"
    _rec_name = "entity_id"

    settlement_id = fields.Many2one(
        "ess.settlement", required=True, index=True, ondelete="cascade"
    )
    entity_id = fields.Many2one(
        "res.partner", string="Member", required=True, index=True, ondelete="restrict"
    )
    is_federation = fields.Boolean()
    state = fields.Selection(related="settlement_id.state", store=True)
    date_to = fields.Date(related="settlement_id.date_to", store=True)
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    company_id = fields.Many2one(
        related="settlement_id.company_id", store=True, index=True
    )
    gave_value = fields.Monetary(
        string="Gave (Value)", help="Reference value of what it provided, free or not."
    )
    received_value = fields.Monetary(
        string="Received (Value)",
        help="Reference value of what it received, free or not.",
    )
    owes = fields.Monetary(help="Amounts of what it received.")
    is_owed = fields.Monetary(help="Amounts of what it provided.")
    net = fields.Monetary(help="Is owed − owes: positive = is owed.")
    invoice_amount = fields.Monetary(
        string="Invoiced", help="What the federation invoices to it."
    )
    bill_amount = fields.Monetary(
        string="Billed", help="What it bills to the federation."
    )
    between_amount = fields.Monetary(
        string="Between Members", help="Net of what it gave to and got from members."
    )
    tax_amount = fields.Monetary(
        string="Taxes",
        help="On the invoice of the federation, less those of the bill to it; "
        "estimated until they are made.",
    )
    balance = fields.Monetary(
        string="Net with Taxes",
        help="Net position less the taxes: what the proposal uses.",
    )
    move_ids = fields.Many2many(
        "account.move",
        readonly=True,
        string="Documents",
        groups="ess_mutualisation.group_accountant",
    )

    _one_position = models.Constraint(
        "UNIQUE (settlement_id, entity_id)", "One position per member."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """The token is made here: a page that is only looked at writes nothing."""
        for vals in vals_list:
            vals.setdefault("access_token", str(uuid4()))
        return super().create(vals_list)

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for line in self:
            line.access_url = f"/my/statements/{line.id}"
        return res
