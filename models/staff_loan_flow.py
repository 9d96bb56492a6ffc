from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from .loan_mail import STEPS
from .staff_loan_line import NATURES

STEPS["staff_billed"] = ("borrower", False)


class StaffLoanFlow(models.Model):
    """The acts of a staff loan; signing and giving up are those of every loan."""

    _inherit = "ess.staff.loan"

    # === AGREEMENT === #

    def action_ask_signatures(self):
        """Ask both organisations to sign."""
        self._require("lender", "facilitator")
        return self.sudo().loan_id.with_env(self.env).action_ask_signatures()

    def action_sign(self, name, signature, seen=None):
        """Sign in the name of the user's organisation, see `ess.loan.action_sign`."""
        self.ensure_one()
        loan = self.sudo().loan_id.with_env(self.env)
        loan.action_sign(name, signature, seen=seen)
        return True

    def action_cancel(self, reason=None):
        """Give it up before it is billed; the other side reads why."""
        return self.sudo().loan_id.with_env(self.env).action_cancel(reason)

    # === BILL === #

    def action_bill(self):
        """Bill the borrower what it cost, itemised: wages, charges, expenses.

        :raise UserError: with one sentence for everything that the law asks for and
            that is missing
        """
        for staff in self._require("lender", "facilitator"):
            staff.loan_id._bump()
            reasons = staff._bill_reasons()
            if reasons:
                raise UserError("\n".join(reasons))
            staff._bill()
        return True

    def _bill(self):
        self.ensure_one()
        lines, unit = self.line_ids, self.currency_id.rounding
        billed = sum(line._cents("amount") for line in lines)
        cost = sum(line._cents("cost") for line in lines)
        self.env["ess.exchange"].create(
            {
                "name": f"{self.name} {self.qualification}",
                "date": min(fields.Date.context_today(self), self._last_day()),
                "nature": "staff",
                "provider_id": self.lender_id.id,
                "receiver_id": self.entity_id.id,
                "product_id": self.product_id.id,
                "quantity": self._billed_hours(),
                "uom_id": self.env.ref("uom.product_uom_hour").id,
                "currency_id": self.currency_id.id,
                "value": self.currency_id.round(cost * unit),
                "amount": self.currency_id.round(billed * unit),
                "staff_loan_id": self.id,
                "company_id": self.company_id.id,
            }
        )
        self.write(
            {
                "billed_amount": self.currency_id.round(billed * unit),
                "billed_on": fields.Datetime.now(),
            }
        )
        self.loan_id.state = "done"
        self.loan_id._tell("staff_billed")

    def _last_day(self):
        return self._wall(self.stop).date()

    def _billed_hours(self):
        wages = self.sudo().line_ids.filtered(lambda line: line.nature == "wage")
        return sum(wages.mapped("hours"))

    def _bill_reasons(self):
        """Everything that is missing before it may be billed, as sentences.

        :rtype: list[str]
        """
        self.ensure_one()
        staff = self.sudo()
        if staff.billed_on or staff.state in ("done", "cancelled"):
            return [
                self.env._(
                    "%(loan)s is %(state)s: it is not billed (again).",
                    loan=staff.name,
                    state=staff.loan_id.with_env(self.env)._state_label(),
                )
            ]
        reasons = staff._paper_reasons()
        signed = set(staff.loan_id._signatures().mapped("side"))
        missing = [
            party.name
            for side, party in (
                ("lender", staff.lender_id),
                ("borrower", staff.entity_id),
            )
            if side not in signed
        ]
        if missing:
            reasons.append(
                self.env._("Agreement: it is not signed by %s yet.", ", ".join(missing))
            )
        return reasons + staff._line_reasons()

    def _paper_reasons(self):
        """Papers without which the law forbids to lend staff."""
        reasons = []
        if not self.consent_document or not self.consent_on:
            reasons.append(
                self.env._(
                    "Consent: the written agreement of %s is missing; the law asks for "
                    "it (Code du travail, L8241-2). Add the document and its date.",
                    self.person_id.name,
                )
            )
        if not self.convention_document:
            reasons.append(
                self.env._(
                    "Convention: the convention between both organisations is missing; "
                    "the law asks for it (Code du travail, L8241-2). Add the document."
                )
            )
        return reasons

    def _line_reasons(self):
        """A lump sum is no bill of staff time: what was paid is itemised."""
        wages = self.line_ids.filtered(lambda line: line.nature == "wage")
        if not wages:
            return [
                self.env._(
                    "Costs: no wages are entered. A lump sum is not allowed: enter the "
                    "wages with their hours, then charges and expenses."
                )
            ]
        without = wages.filtered(lambda line: not line.hours)
        if without:
            return [
                self.env._(
                    "Costs: “%s” says no hours. A lump sum is not allowed: say how "
                    "many hours these wages pay.",
                    without[0].label,
                )
            ]
        reasons = []
        if self._billed_hours() > self.hours:
            reasons.append(
                self.env._(
                    "Hours: %(billed)s h are entered, %(agreed)s h were agreed; change "
                    "the agreement and have it signed again, or correct the hours.",
                    billed=f"{self._billed_hours():g}",
                    agreed=f"{self.hours:g}",
                )
            )
        if not sum(line._cents("amount") for line in self.line_ids):
            reasons.append(self.env._("Costs: they add up to nothing to bill."))
        return reasons

    # === TOTALS === #

    def _totals(self):
        """What is billed by nature, for the borrower too: no wage is in it by itself.

        :return: list of (label, amount in words), the total last; empty before the bill
        """
        self.ensure_one()
        staff = self.sudo()
        if not staff.billed_on:
            return []
        labels = dict(
            self.env["ess.staff.loan.line"]
            ._fields["nature"]
            ._description_selection(self.env)
        )
        unit, totals = staff.currency_id.rounding, []
        for nature, _label in NATURES:
            lines = staff.line_ids.filtered(lambda one, n=nature: one.nature == n)
            cents = sum(line._cents("amount") for line in lines)
            if cents:
                totals.append((labels[nature], self._amount_in_words(cents * unit)))
        return [
            *totals,
            (self.env._("Total"), self._amount_in_words(staff.billed_amount)),
        ]

    def _amount_in_words(self, amount):
        return format_amount(self.env, amount, self.sudo().currency_id)

    def action_view_exchanges(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_mutualisation.ess_exchange_action"
        )
        domain = [("staff_loan_id", "=", self.id)]
        return {**action, "domain": domain, "context": {}}
