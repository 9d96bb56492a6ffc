from odoo import api, fields, models

INVOICES = ("out_invoice", "out_refund")
BILLS = ("in_invoice", "in_refund")


class SettlementDocuments(models.Model):
    """What a settlement made, to be counted and opened from its form."""

    _inherit = "ess.settlement"

    item_count = fields.Integer(compute="_compute_item_count")
    blocking_count = fields.Integer(compute="_compute_issue_counts")
    warning_count = fields.Integer(compute="_compute_issue_counts")
    invoice_count = fields.Integer(compute="_compute_move_counts")
    bill_count = fields.Integer(compute="_compute_move_counts")
    entry_count = fields.Integer(compute="_compute_move_counts")

    # === COMPUTE METHODS === #

    @api.depends("item_ids")
    def _compute_item_count(self):
        counts = dict(
            self.env["ess.settlement.item"]._read_group(
                [("settlement_id", "in", self.ids)], ["settlement_id"], ["__count"]
            )
        )
        for settlement in self:
            settlement.item_count = counts.get(settlement._origin, 0)

    @api.depends("issue_ids.severity")
    def _compute_issue_counts(self):
        counts = {
            (settlement, severity): count
            for settlement, severity, count in self.env[
                "ess.settlement.issue"
            ]._read_group(
                [("settlement_id", "in", self.ids)],
                ["settlement_id", "severity"],
                ["__count"],
            )
        }
        for settlement in self:
            one = settlement._origin
            settlement.blocking_count = counts.get((one, "1_blocking"), 0)
            settlement.warning_count = counts.get((one, "2_warning"), 0)

    @api.depends("move_ids.move_type")
    def _compute_move_counts(self):
        # A number of documents, also for who may not open them.
        counts = {
            (settlement.id, kind): count
            for settlement, kind, count in self.env["account.move"]
            .sudo()
            ._read_group(
                [("ess_settlement_id", "in", self.ids)],
                ["ess_settlement_id", "move_type"],
                ["__count"],
            )
        }

        def counted(settlement, kinds):
            return sum(counts.get((settlement._origin.id, kind), 0) for kind in kinds)

        for settlement in self:
            settlement.invoice_count = counted(settlement, INVOICES)
            settlement.bill_count = counted(settlement, BILLS)
            settlement.entry_count = counted(settlement, ("entry",))

    # === ACTIONS === #

    def _action_moves(self, xmlid, kinds):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(xmlid),
            "domain": [
                ("ess_settlement_id", "=", self.id),
                ("move_type", "in", kinds),
            ],
            # Odoo's lists show who it is about only where they know the kind
            "context": {"create": False, "default_move_type": kinds[0]},
        }

    def action_view_invoices(self):
        return self._action_moves("account.action_move_out_invoice_type", INVOICES)

    def action_view_bills(self):
        return self._action_moves("account.action_move_in_invoice_type", BILLS)

    def action_view_entries(self):
        return self._action_moves("account.action_move_journal_line", ("entry",))

    def action_view_exchanges(self):
        """The exchanges, also those of a reversed settlement, which are open again."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ess_mutualisation.ess_exchange_action"
            ),
            "domain": [("settlement_item_ids.settlement_id", "=", self.id)],
            "context": {},
        }
