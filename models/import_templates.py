from odoo import api, models

FOLDER = "/ess_mutualisation/static/import_templates"


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def get_import_templates(self):
        if not self.env.context.get("ess_import_members"):
            return super().get_import_templates()
        return self.env["ess.import.mixin"]._import_template(
            self.env._("Import Template for Member Organisations"), "members"
        )


class Asset(models.Model):
    _inherit = "ess.asset"

    @api.model
    def get_import_templates(self):
        return self._import_template(
            self.env._("Import Template for Shared Assets"), "assets"
        )


class Booking(models.Model):
    _inherit = "ess.booking"

    @api.model
    def get_import_templates(self):
        return self._import_template(
            self.env._("Import Template for Bookings"), "bookings"
        )


class CostReading(models.Model):
    _inherit = "ess.cost.reading"

    @api.model
    def get_import_templates(self):
        return self._import_template(
            self.env._("Import Template for Readings of Usage"), "readings"
        )


class RoundOffer(models.Model):
    _inherit = "ess.round.offer"

    @api.model
    def get_import_templates(self):
        return self._import_template(
            self.env._("Import Template for Offers of a Round"), "round_offers"
        )


class Commitment(models.Model):
    _inherit = "ess.commitment"

    @api.model
    def get_import_templates(self):
        return self._import_template(
            self.env._("Import Template for Commitments"), "round_commitments"
        )


class ImportMixin(models.AbstractModel):
    _inherit = "ess.import.mixin"

    @api.model
    def _import_template(self, label, name):
        """A file with one row for each language that it exists in.

        Its headers are the labels of the fields, so that the columns map themselves.
        """
        french = (self.env.lang or "").startswith("fr")
        file_name = f"{name}_fr.csv" if french else f"{name}.csv"
        return [{"label": label, "template": f"{FOLDER}/{file_name}"}]
