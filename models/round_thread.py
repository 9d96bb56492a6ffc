from odoo import api, fields, models


class RoundThread(models.Model):
    """The thread of a round is the office's.

    Members read the round. What is said about it names them: who has to be asked, what
    somebody answered to its result. None of it is for the others.
    """

    _inherit = "ess.round"

    # searching through them passes by the rules of messages
    message_ids = fields.One2many(groups="base.group_user")
    website_message_ids = fields.One2many(groups="base.group_user")

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """To read is not enough on the portal; it is for the office."""
        if self.env.user.share:
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **kwargs):
        """No token of a page opens the thread, and on the portal nothing does."""
        if self.env.user.share:
            return self.browse()
        return super()._get_thread_with_access(thread_id, mode=mode)
