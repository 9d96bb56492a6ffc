from odoo import models
from odoo.exceptions import AccessError, UserError

# kind of an inspection: states of the bookings that it is about
STATES = {"hand_over": ("confirmed",), "return": ("ongoing",)}


class LoanInspectionOpen(models.Model):
    """Opens the inspections of a loan, filled in as far as it is known."""

    _inherit = "ess.loan"

    def action_inspect(self, kind):
        """The inspection being recorded, opened now if there is none.

        :param str kind: 'hand_over' or 'return'
        :return: one ess.loan.inspection, a draft
        """
        self.ensure_one()
        loan = self._require("borrower", "lender", "facilitator")
        if kind not in STATES:
            raise UserError(
                self.env._("Inspection: choose between the hand-over and the return.")
            )
        if kind == "hand_over":
            self._require_state("to_sign", "signed", "ongoing")
        else:
            self._require_state("ongoing")
        bookings = loan._to_inspect(kind)
        if not bookings:
            raise UserError(loan._nothing_to_inspect(kind))
        draft = loan.inspection_ids.filtered(
            lambda one: one.kind == kind and one.state == "draft"
        )
        if not draft:
            draft = draft.create({"loan_id": loan.id, "kind": kind})
        draft._align_lines(bookings)
        return draft.sudo(self.env.su)

    def _to_inspect(self, kind):
        """Bookings that are still to be handed over, or of which something is out."""
        self.ensure_one()
        return self.booking_ids.filtered(lambda b: b.state in STATES[kind])

    def _nothing_to_inspect(self, kind):
        if kind == "hand_over":
            return self.env._("%s: everything was handed over already.", self.name)
        return self.env._("%s: nothing is out any more.", self.name)

    def action_view_hand_over(self):
        """Opens the hand-over that is being recorded, for the back office."""
        return self._view_inspection("hand_over")

    def action_view_return(self):
        return self._view_inspection("return")

    def _view_inspection(self, kind):
        inspection = self.action_inspect(kind)
        return {
            "type": "ir.actions.act_window",
            "res_model": inspection._name,
            "res_id": inspection.id,
            "views": [[False, "form"]],
        }

    def _party(self, side):
        """:return: the organisation on this side"""
        self.ensure_one()
        loan = self.sudo()
        return loan.lender_id if side == "lender" else loan.entity_id

    def _require_lender_itself(self):
        """Who hands things over for their owner does not decide about its money."""
        self.ensure_one()
        entity = self.env.user._ess_entity()
        if "facilitator" in self._roles() or entity == self.sudo().lender_id:
            return
        raise AccessError(
            self.env._(
                "Only %s, the lender, and the federation decide this.",
                self.sudo().lender_id.name,
            )
        )

    # === SCANNING === #

    def _scan(self, code):
        """What was scanned, as an item of the inspection that is under way.

        :param str code: code of the asset, or the address that its label shows
        :return: an ess.loan.inspection.line, or a sentence that says why it is none:
            a member learns that it is reserved, not for whom
        """
        self.ensure_one()
        loan = self._require("borrower", "lender", "facilitator")
        asset = self._scanned_asset(code)
        if not asset:
            return self.env._(
                "“%s” is no code of an asset here: look for it in the list, or scan "
                "again.",
                (code or "").strip()[:40],
            )
        for kind in STATES:
            if asset in loan._to_inspect(kind).asset_id:
                lines = self.action_inspect(kind).sudo().line_ids
                line = lines.filtered(lambda one: one.asset_id == asset)[:1]
                return line.sudo(self.env.su)
        return self._not_of_this_loan(asset)

    def _scanned_asset(self, code):
        text = (code or "").strip().rstrip("/")
        assets = self.env["ess.asset"].sudo().with_context(active_test=False)
        domain = [("company_id", "=", self.sudo().company_id.id)]
        if "/commons/" in text:
            last = text.rsplit("/", 1)[-1].split("?")[0].split("#")[0]
            asset_id = int(last) if last.isascii() and last.isdigit() else 0
            return assets.search([*domain, ("id", "=", asset_id)], limit=1)
        if not text:
            return assets.browse()
        return assets.search([*domain, ("code", "=ilike", text)], limit=1)

    def _not_of_this_loan(self, asset):
        """Why this unit is not handed over here, with who has it promised."""
        loan = self.sudo()
        if asset in loan.booking_ids.asset_id:
            return self.env._("%s was handed over and is back already.", asset.name)
        other = self.env["ess.booking"].sudo()
        if loan.start and loan.stop:
            other = other.search(
                [
                    ("asset_id", "=", asset.id),
                    ("loan_id", "!=", loan.id),
                    ("state", "in", ("requested", "confirmed", "ongoing")),
                    ("start", "<", loan.stop),
                    ("stop", ">", loan.start),
                ],
                order="start, id",
                limit=1,
            )
        if not other:
            return self.env._(
                "%(asset)s is not part of %(loan)s: book it first.",
                asset=asset.name,
                loan=loan.name,
            )
        if "facilitator" in self._roles() or asset._is_lender():
            return self.env._(
                "%(asset)s is reserved for %(entity)s: %(span)s (%(booking)s). Take "
                "another one.",
                asset=asset.name,
                entity=other.entity_id.name,
                span=other._span_in_words(),
                booking=other.name,
            )
        return self.env._(
            "%(asset)s is reserved for another organisation: %(span)s. Take another "
            "one.",
            asset=asset.name,
            span=other._span_in_words(),
        )
