from odoo import api, fields, models
from odoo.exceptions import UserError

from .entered import entered

# Said by the writing of an offer itself: a token that no caller can give.
TRAILING = object()
# What members rely on once a round is open; each change leaves a trail.
TERMS = (
    "available",
    "carton",
    "code",
    "delay",
    "is_limited",
    "minimum",
    "name",
    "sequence",
    "tax_ids",
    "tier_ids",
    "vendor_uom_id",
    "weight",
)
# What quantities are counted in: it cannot change under commitments.
BASIS = {"product_id", "round_id", "step", "supplier_id", "uom_id"}
RESULT = {
    "company_id",
    "is_received",
    "minimum_state",
    "ordered",
    "purchase_line_id",
    "received",
    "refused",
    "snapshot",
    "step_price",
    "substitute_id",
    "unit_price",
}


class RoundSnapshot(models.Model):
    _inherit = "ess.round"

    def _take_snapshot(self):
        """Terms as they are at the opening: those of the vendors are read anew."""
        self.ensure_one()
        self.offer_ids._refresh_terms()
        self.offer_ids._take_snapshot()


class RoundOfferSnapshot(models.Model):
    """Terms of an open round change with a trail, of a closed one not at all."""

    _inherit = "ess.round.offer"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                found = entered(self, vals)
                self._refuse_result({name for name, value in found.items() if value})
        offers = super().create(vals_list)
        offers._check_terms_open()
        offers._check_same_round()
        offers.filtered(lambda o: o.round_id.state == "open")._take_snapshot()
        return offers

    def write(self, vals):
        if not self.env.su:
            self._refuse_result(set(vals))
        if BASIS & set(vals):
            self._check_basis()
        if not (BASIS | set(TERMS)) & set(vals):
            return super().write(vals)
        self._check_terms_open()
        self.round_id._touch()
        # prices that are written with their offer leave one trail, not one each
        res = super(RoundOfferSnapshot, self.with_context(ess_trail=TRAILING)).write(
            vals
        )
        if "round_id" in vals:
            # that of where it is now: what members see has its terms and its trail
            self._check_basis()
        self._leave_trail()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_committed(self):
        for offer in self.sudo():
            offer.round_id._require_state("draft", "cancelled")

    # === CHECKS === #

    def _check_terms_open(self):
        for offer in self.sudo():
            offer.round_id._require_state("draft", "open")

    def _check_basis(self):
        for offer in self.sudo():
            offer.round_id._require_state("draft")

    @api.constrains("supplier_id", "round_id")
    def _check_same_round(self):
        for offer in self.sudo():
            if offer.supplier_id.round_id != offer.round_id:
                raise UserError(
                    self.env._(
                        "Supplier: that of %(offer)s belongs to another round, "
                        "%(round)s.",
                        offer=offer.name,
                        round=offer.supplier_id.round_id.name,
                    )
                )

    def _check_priced(self):
        """Nothing is decided about an offer without a price."""
        for offer in self.sudo():
            if not offer.tier_ids:
                raise UserError(
                    self.env._(
                        "%(offer)s has no price: give it at least one.",
                        offer=offer.name,
                    )
                )

    def _refuse_result(self, names):
        if RESULT & names:
            raise UserError(
                self.env._(
                    "What is ordered, received and at which price is decided by the "
                    "round; it is not entered by hand."
                )
            )

    # === THE TRAIL === #

    def _take_snapshot(self):
        self._check_priced()
        for offer in self.sudo():
            offer.snapshot = {
                "taken_on": fields.Datetime.to_string(fields.Datetime.now()),
                "taken_by": self.env.user.name,
                "source": offer.source,
                "terms": offer._terms(),
                "changes": [],
            }

    def _terms(self):
        """The terms as plain JSON, as a person would compare them."""
        self.ensure_one()
        return {
            "name": self.name,
            "code": self.code or "",
            "unit": self.uom_id.name,
            "step": self.step,
            "carton": self.carton,
            "minimum": self.minimum,
            "available": self.available if self.is_limited else None,
            "weight": self.weight,
            "delay": self.delay,
            "taxes": self.tax_ids.mapped("name"),
            "tiers": [
                [tier.from_quantity, tier.price, tier.carton_price]
                for tier in self.tier_ids.sorted("from_quantity")
            ],
        }

    def _leave_trail(self):
        """What changed while members could commit, when, by whom."""
        for offer in self.sudo():
            if not offer.snapshot or offer.round_id.state != "open":
                continue
            offer._check_priced()
            now, old = offer._terms(), offer.snapshot["terms"]
            changed = {
                name: [old[name], value]
                for name, value in now.items()
                if old[name] != value
            }
            if not changed:
                continue
            change = {
                "on": fields.Datetime.to_string(fields.Datetime.now()),
                "by": self.env.user.name,
                "changed": changed,
            }
            trail = {**offer.snapshot, "terms": now}
            trail["changes"] = [*offer.snapshot["changes"], change]
            offer.snapshot = trail
            offer.round_id.message_post(
                body=self.env._(
                    "The terms of %(offer)s were changed while the round was open.",
                    offer=offer.name,
                )
            )


class RoundTierSnapshot(models.Model):
    """A price is a term of its offer."""

    _inherit = "ess.round.tier"

    @api.model_create_multi
    def create(self, vals_list):
        ids = {entered(self, vals).get("offer_id") for vals in vals_list}
        offers = self.env["ess.round.offer"].browse(filter(None, ids))
        return self._changing(
            offers, lambda: super(RoundTierSnapshot, self).create(vals_list)
        )

    def write(self, vals):
        if set(vals) <= {"nudged_on"} and self.env.su:
            return super().write(vals)
        if any(
            one.offer_id.id != vals.get("offer_id", one.offer_id.id) for one in self
        ):
            raise UserError(
                self.env._(
                    "A price stays with its offer: give another offer a price of its "
                    "own."
                )
            )
        return self._changing(
            self.offer_id, lambda: super(RoundTierSnapshot, self).write(vals)
        )

    def unlink(self):
        return self._changing(
            self.offer_id, lambda: super(RoundTierSnapshot, self).unlink()
        )

    def _changing(self, offers, act):
        if self.env.context.get("ess_trail") is TRAILING:
            return act()
        offers._check_terms_open()
        offers.round_id._touch()
        done = act()
        offers._leave_trail()
        return done
