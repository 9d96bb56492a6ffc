from odoo import api, fields, models
from odoo.exceptions import ValidationError


class InsuranceCertificate(models.Model):
    """What an organisation is insured for, as its insurer certified it."""

    _name = "ess.insurance.certificate"
    _description = "Insurance Certificate"
    _order = "date_to desc, id desc"
    _rec_name = "number"

    entity_id = fields.Many2one(
        "res.partner",
        string="Member",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('ess_is_member', '=', True)]",
    )
    insurer = fields.Char(required=True)
    number = fields.Char(required=True)
    date_from = fields.Date(string="Valid from", required=True)
    date_to = fields.Date(string="Valid until", required=True)
    ceiling = fields.Monetary(help="The most that the insurer pays for one damage.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    document = fields.Binary(string="Certificate", attachment=True)
    document_name = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    is_valid = fields.Boolean(string="Valid Today", compute="_compute_is_valid")

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A certificate ends after it begins."
    )
    _ceiling_not_negative = models.Constraint(
        "CHECK (ceiling >= 0)", "A ceiling cannot be negative."
    )
    _number_uniq = models.Constraint(
        "UNIQUE (entity_id, insurer, number, date_from)",
        "This certificate is recorded already.",
    )

    @api.depends("date_from", "date_to")
    def _compute_is_valid(self):
        today = fields.Date.context_today(self)
        for certificate in self:
            certificate.is_valid = certificate._covers(today, today)

    @api.constrains("entity_id")
    def _check_entity(self):
        for certificate in self:
            if not certificate.entity_id.ess_is_member:
                raise ValidationError(
                    self.env._(
                        "Member: %s is not a member organisation.",
                        certificate.entity_id.display_name,
                    )
                )

    def _covers(self, first, last):
        """Whether this certificate is valid on every day from first to last."""
        self.ensure_one()
        return bool(
            self.date_from
            and self.date_to
            and self.date_from <= first
            and last <= self.date_to
        )
