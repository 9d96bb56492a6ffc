from odoo import api, fields, models


class OfficeThread(models.AbstractModel):
    """A thread for the office alone, on a record that members read.

    What is said there names them: who has to be asked, what somebody answered to a
    mail. None of it is for the others.
    """

    _name = "ess.office.thread"
    _description = "Thread of the Office"
    _inherit = ["mail.thread"]

    # searching through them passes by the rules of messages
    message_ids = fields.One2many(groups="base.group_user")
    website_message_ids = fields.One2many(groups="base.group_user")

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Who follows is sent what is said: on the portal nobody does."""
        if self.env.user.share:
            self.check_access("write")
        return super().message_subscribe(partner_ids, subtype_ids)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """To read is not enough on the portal."""
        if self.env.user.share:
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **kwargs):
        """No token of a page opens the thread, and on the portal nothing does."""
        if self.env.user.share:
            return self.browse()
        return super()._get_thread_with_access(thread_id, mode=mode)
