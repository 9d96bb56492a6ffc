from odoo import models


class LoanStub(models.Model):
    _inherit = "ess.loan"


    def action_inspect(self, kind):
        raise NotImplementedError



class DepositStub(models.Model):
    _inherit = "ess.loan.deposit"

    def action_release(self):
        raise NotImplementedError




class DamageStub(models.Model):
    _inherit = "ess.loan.damage"

    def action_propose(self):
        raise NotImplementedError

    def action_agree(self):
        raise NotImplementedError

    def action_back_in_service(self):
        raise NotImplementedError


class InspectionStub(models.Model):
    _inherit = "ess.loan.inspection"

    def action_record(self):
        raise NotImplementedError

    def action_acknowledge(self):
        raise NotImplementedError
