"""Ten chairs with a deposit, lent by La Fabrique to Le Phare, as the desk sees them."""

from odoo.tests import Form

from .common_loan import LoanCommon

OURS = "ess_mutualisation.%s"
MONDAY = "2026-01-12 08:00:00"  # 09:00 in Paris, when the window of loans begins


class LoansOnScreen(LoanCommon):
    """Ten chairs with a deposit of 5.00 each, lent from Monday to Wednesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facilitator = cls._internal("loans-fa", OURS % "group_facilitator")
        cls.manager = cls._internal("loans-ma", OURS % "group_manager")
        cls.accountant = cls._internal("loans-ac", OURS % "group_accountant")
        cls.chairs.deposit_amount = 5
        cls.category.check_ids = [(0, 0, {"name": "Feet"}), (0, 0, {"name": "Seats"})]
        cls.loan = cls._loan(cls.chairs, quantity=10)
        cls.deposit = cls.loan.deposit_ids

    def _form(self, model, record, user=None, **context):
        """The question as it opens from a record."""
        wizard = self.env[model].with_user(user or self.facilitator)
        return Form(
            wizard.with_context(
                active_model=record._name,
                active_id=record.id,
                active_ids=record.ids,
                **context,
            )
        )

    def _ask(self, act, record, reason, user=None):
        form = self._form("ess.loan.reason", record, user, default_act=act)
        form.reason = reason
        return form.save().action_apply()

    def _hold(self):
        form = self._form("ess.loan.deposit.hold", self.deposit)
        form.reference = "4711"
        form.save().action_apply()

    def _hand_over(self, loan=None):
        """Signed by both, its deposit held, ten chairs leave on Monday."""
        loan = loan or self.loan
        self._sign(loan)
        if loan.deposit_state == "asked":
            self._hold()
        with self.at(MONDAY):
            action = loan.with_user(self.facilitator).action_view_hand_over()
            inspection = self._inspection(action)
            inspection.action_record()
        return inspection

    def _inspection(self, action):
        model = self.env[action["res_model"]].with_user(self.facilitator)
        return model.browse(action["res_id"])

    def _bring_back(self, back, lost=0, damaged=0):
        """So many chairs come back on Wednesday."""
        with self.at("2026-01-14 07:00:00"):
            action = self.loan.with_user(self.facilitator).action_view_return()
            inspection = self._inspection(action)
            with Form(inspection) as form, form.line_ids.edit(0) as line:
                line.quantity = back
                line.lost_quantity = lost
                line.damaged_quantity = damaged
            inspection.action_record()
        return inspection
