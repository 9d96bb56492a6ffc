import base64

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from .staff_loan_line import NATURES

# What a volunteer of the lender may say about staff time on the portal.
PORTAL_FIELDS = {
    "qualification",
    "work",
    "hours",
    "start",
    "stop",
    "place",
    "person_id",
    "entity_id",
}
LINE_FIELDS = {"nature", "label", "hours", "cost", "amount"}
PAPERS = ("consent", "convention")
PAPER_MEGABYTES = 10


class StaffLoanPortal(models.Model):
    """What the portal asks of staff time. Every method checks for whom it works."""

    _inherit = "ess.staff.loan"

    # === LISTS === #

    @api.model
    def _portal_domain(self):
        """Staff time that the user's organisation lends or borrows.

        :rtype: Domain
        """
        entity = self.env.user._ess_entity()
        if not entity:
            return Domain.FALSE
        return Domain("lender_id", "=", entity.id) | Domain("entity_id", "=", entity.id)

    @api.model
    def _portal_sign_domain(self):
        """Staff time that waits for the signature of the user's organisation.

        :rtype: Domain
        """
        entity = self.env.user._ess_entity()
        signed = [("entity_id", "=", entity.id), ("voided_on", "=", False)]
        return (
            self._portal_domain()
            & Domain("state", "=", "to_sign")
            & Domain("loan_id.signature_ids", "not any", signed)
        )

    @api.model
    def _portal_partners(self):
        """Members that the user's organisation may lend to: those of its circles."""
        entity = self.env.user._ess_entity()
        members = entity.ess_circle_ids.membership_ids.entity_id - entity
        return members.sorted("name")

    @api.model
    def _portal_people(self):
        """People of the user's organisation, who may be lent."""
        entity = self.env.user._ess_entity()
        return entity.child_ids.filtered(lambda p: not p.is_company).sorted("name")

    # === SAVING === #

    def _portal_save(self, vals, person_name=None):
        """Propose staff time (on an empty recordset), or change what is agreed.

        :param str person_name: of somebody who is not among the contacts yet
        :return: the staff loan
        """
        vals = {name: value for name, value in vals.items() if name in PORTAL_FIELDS}
        self._portal_check(vals)
        if self:
            staff = self._require("lender")
            vals.pop("entity_id", None)
        else:
            staff = self.sudo()
            if not self.env.user._ess_entity():
                raise AccessError(
                    self.env._("Only a member organisation may lend staff time.")
                )
        vals["person_id"] = self._portal_person(vals.get("person_id"), person_name)
        if staff:
            staff.write(vals)
            return staff.sudo(False)
        if vals.get("entity_id") not in self._portal_partners().ids:
            raise ValidationError(
                self.env._("Borrower: choose a member of one of your circles.")
            )
        made = staff.create(
            {
                **vals,
                "lender_id": self.env.user._ess_entity().id,
                "lender_contact_id": self.env.user.partner_id.id,
            }
        )
        return made.sudo(False)

    def _portal_check(self, vals):
        """Refuse what makes no sense, with the name of the field first."""
        if not (vals.get("qualification") or "").strip():
            raise ValidationError(
                self.env._("Qualification: say as what the person works.")
            )
        if not vals.get("hours", 0) > 0:
            raise ValidationError(
                self.env._("Hours: agree on more than none, not %s.", vals["hours"])
            )

    def _portal_person(self, person_id, name):
        """:return: id of the person, of the user's own organisation"""
        people = self._portal_people()
        if person_id:
            if person_id not in people.ids:
                raise ValidationError(
                    self.env._("Person: choose somebody of your organisation.")
                )
            return person_id
        name = " ".join((name or "").split())
        if not name:
            raise ValidationError(self.env._("Person: say who is lent."))
        entity = self.env.user._ess_entity()
        known = people.filtered(lambda p: p.name == name)[:1]
        return (known or entity.create({"name": name, "parent_id": entity.id})).id

    # === PAPERS === #

    def _portal_paper(self, paper, name, raw, consent_on=None):
        """Keep the consent of the person, or the convention.

        :param str paper: `consent` or `convention`
        :param bytes raw: a PDF, or a photo of the paper
        :param consent_on: the day on which the person signed it; today if not said
        """
        staff = self._require("lender", "facilitator")
        if paper not in PAPERS:
            raise UserError(self.env._("Paper: choose the consent or the convention."))
        if staff.billed_on:
            raise UserError(
                self.env._("%s is billed: its papers stay as they are.", staff.name)
            )
        self._check_paper(name, raw)
        vals = {
            f"{paper}_document": base64.b64encode(raw),
            f"{paper}_name": (name or paper)[:120],
        }
        if paper == "consent":
            vals["consent_on"] = self._checked_day(consent_on)
        staff.write(vals)

    def _checked_day(self, day):
        today = fields.Date.context_today(self)
        try:
            day = fields.Date.to_date(day or today)
        except ValueError as error:
            raise ValidationError(
                self.env._("Date: '%s' is not a day; choose it in the calendar.", day)
            ) from error
        if day > today:
            raise ValidationError(
                self.env._("Date: the consent was given on a day to come?")
            )
        return day

    @api.model
    def _check_paper(self, name, raw):
        if not raw:
            raise ValidationError(self.env._("File: choose one first."))
        if raw.startswith(b"%PDF-"):
            if len(raw) <= PAPER_MEGABYTES * 1024 * 1024:
                return
            raise ValidationError(
                self.env._(
                    "File: %(name)s weighs %(size)s MB, at most %(most)s MB are taken.",
                    name=name,
                    size=len(raw) // (1024 * 1024),
                    most=PAPER_MEGABYTES,
                )
            )
        self.env["ess.asset"]._check_photo(name, raw)

    # === COSTS === #

    def _portal_add_line(self, vals):
        """Enter what was paid. The borrower never reads it, only totals by nature."""
        staff = self._require("lender", "facilitator")
        vals = {name: value for name, value in vals.items() if name in LINE_FIELDS}
        if not (vals.get("label") or "").strip():
            raise ValidationError(
                self.env._("What for: say it, e.g. the month of the pay slip.")
            )
        if vals.get("nature") not in dict(NATURES):
            raise ValidationError(self.env._("Nature: choose one of the list."))
        if not vals.get("cost", 0) > 0:
            raise ValidationError(self.env._("Cost: say what it really cost."))
        return (
            self.env["ess.staff.loan.line"]
            .sudo()
            .create({**vals, "staff_loan_id": staff.id})
        )

    def _portal_drop_line(self, line_id):
        staff = self._require("lender", "facilitator")
        line = staff.line_ids.filtered(lambda one: one.id == line_id)
        if not line:
            raise UserError(self.env._("Costs: this one is not there any more."))
        line.unlink()

    # === WORDS === #

    def _portal_buttons(self):
        """What the user may do now, for the page to offer; the acts check again.

        :rtype: set[str]
        """
        self.ensure_one()
        roles, staff = self._roles(), self.sudo()
        side = staff.loan_id.with_env(self.env)._side()
        buttons, live = set(), staff.state in ("draft", "to_sign", "signed")
        if "lender" in roles and live and not staff.billed_on:
            buttons |= {"papers", "costs"}
            if side == "lender":
                buttons.add("change")
            if staff.state == "draft":
                buttons.add("ask")
            if staff.state == "signed":
                buttons.add("bill")
        signed = set(staff.loan_id._signatures().mapped("side"))
        if staff.state == "to_sign" and side and side not in signed:
            buttons.add("sign")
        if roles and live:
            buttons.add("cancel")
        return buttons

    def _portal_next(self):
        """Where it stands and what comes next, in one sentence."""
        self.ensure_one()
        staff = self.sudo()
        side = staff.loan_id.with_env(self.env)._side()
        if staff.state == "cancelled":
            return self.env._("It was given up.")
        if staff.billed_on:
            return self.env._("It is billed: the next settlement contains it.")
        if staff.state == "draft":
            return self.env._("Not sent for signature yet.")
        if staff.state == "to_sign":
            signed = set(staff.loan_id._signatures().mapped("side"))
            if side and side not in signed:
                return self.env._("Read the agreement and sign it.")
            return self.env._("The other organisation has not signed yet.")
        if staff._paper_reasons():
            return self.env._("Signed. Papers are missing before anybody works.")
        return self.env._("Signed. The lender bills what it cost, once it is over.")

    def _try(self, act, *args):
        """Run an act so that a refusal leaves nothing behind and can be shown.

        :return: None, or the sentences of the refusal
        """
        try:
            with self.env.cr.savepoint():
                getattr(self, act)(*args)
        except AccessError:
            raise
        except UserError as error:
            self.env.invalidate_all()
            return str(error).split("\n")
        return None
