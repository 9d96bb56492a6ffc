from odoo import api, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_split(self):
        """The database deletes their analytic lines, unseen by what guards these."""
        self.sudo().analytic_line_ids._check_not_split()
