from odoo import api, fields, models


class ResPartnerLoan(models.Model):
    """Loans and insurance of a member, as smart buttons count them."""

    _inherit = "res.partner"

    ess_loan_count = fields.Integer(compute="_compute_ess_loan_counts")
    ess_certificate_count = fields.Integer(compute="_compute_ess_loan_counts")

    @api.depends_context("uid")
    def _compute_ess_loan_counts(self):
        counts = {}
        for model, names in (
            ("ess.loan", ("lender_id", "entity_id")),
            ("ess.insurance.certificate", ("entity_id",)),
        ):
            counts[model] = dict.fromkeys(self, 0)
            if not self.env[model].has_access("read"):
                continue
            for name in names:
                for partner, count in self.env[model]._read_group(
                    [(name, "in", self.ids)], [name], ["__count"]
                ):
                    counts[model][partner] = counts[model].get(partner, 0) + count
        for partner in self:
            partner.ess_loan_count = counts["ess.loan"].get(partner, 0)
            partner.ess_certificate_count = counts["ess.insurance.certificate"].get(
                partner, 0
            )

    def action_ess_loans(self):
        self.ensure_one()
        return self._ess_action_of(
            "ess_mutualisation.ess_loan_action",
            ["|", ("lender_id", "=", self.id), ("entity_id", "=", self.id)],
        )

    def action_ess_certificates(self):
        self.ensure_one()
        action = self._ess_action_of(
            "ess_mutualisation.ess_insurance_certificate_action",
            [("entity_id", "=", self.id)],
        )
        return {**action, "context": {"default_entity_id": self.id}}
