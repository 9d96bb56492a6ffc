from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .commitment_flow import NOTHING, RAW

MOST = 10**6
LABELS = ("want", "tolerance", "minimum")


class CommitmentPortal(models.Model):
    """What the portal asks of commitments. Every method checks for whom it works."""

    _inherit = "ess.commitment"

    @api.model
    def _portal_commit(self, offer, vals, version=0):
        """Commit, or change a commitment, in the name of the user's organisation.

        Several volunteers of one organisation share one commitment: who saves gives the
        version that it saw, and is refused when somebody saved in between.

        :param offer: ess.round.offer, as found by its round and id
        :param dict vals: of `want, tolerance, minimum` in steps, `ceiling` (price of
            one unit), `has_ceiling`; what is not given stays
        :param int version: of the commitment that was changed; 0 when there was none
        :return: (commitment, None), or (the one there is, a refusal: {'message',
            'codes', 'version', 'theirs': its values})
        """
        entity, own = self._portal_entity(offer), offer.sudo()
        vals = {name: value for name, value in vals.items() if name in RAW}
        found = self.sudo().search(
            [("offer_id", "=", own.id), ("entity_id", "=", entity.id)]
        )
        try:
            with self.env.cr.savepoint():
                own.round_id._check_commits(entity)
                if (found.version or 0) != (version or 0):
                    return found, found._portal_stale(vals)
                vals = found._without_quantity(own, vals)
                found._check_figures(own, vals)
                contact = self.env.user.partner_id.id
                if found:
                    found.write({**vals, "contact_id": contact})
                else:
                    whose = {"offer_id": own.id, "entity_id": entity.id}
                    found = found.create({**vals, **whose, "contact_id": contact})
                found.flush_recordset()
        except UserError as error:
            found.invalidate_recordset()
            return found, found._portal_refusal(str(error), "refused")
        return found, None

    @api.model
    def _portal_entity(self, offer):
        """The organisation that the user commits for, in a round that it may see."""
        entity = self.env.user._ess_entity()
        if not entity:
            raise AccessError(
                self.env._("Only the volunteers of a member organisation may commit.")
            )
        own = offer.sudo().round_id
        if own.state == "draft" or entity not in own.circle_id.entity_ids:
            raise AccessError(
                self.env._("This round is not open to your organisation.")
            )
        return entity

    def _portal_refusal(self, message, code):
        return {
            "message": message,
            "codes": [code],
            "version": self.version or 0,
            "theirs": self._portal_values(),
        }

    def _portal_values(self):
        return {name: self[name] for name in sorted(RAW)} if self else {}

    def _portal_stale(self, vals):
        """Both values, so that nobody's work is lost."""
        if not self:
            message = self.env._(
                "This commitment is gone: look at the page again before you change it."
            )
            return self._portal_refusal(message, "stale")
        offer = self.offer_id
        message = self.env._(
            "%(person)s has changed this commitment meanwhile: it is now %(theirs)s; "
            "you gave %(yours)s. Save again to keep yours.",
            person=self.contact_id.name or self.entity_id.name,
            theirs=offer._in_words(self.want),
            yours=offer._in_words(vals.get("want", self.want)),
        )
        return self._portal_refusal(message, "stale")

    @api.model
    def _portal_labels(self):
        """What the fields are called in a refusal, in the words of the page."""
        return {
            "want": self.env._("How many"),
            "tolerance": self.env._("So many more"),
            "minimum": self.env._("At least so many"),
            "ceiling": self.env._("Highest price"),
        }

    def _without_quantity(self, offer, vals):
        """An empty quantity withdraws, whatever still stands in the other fields.

        :return: what is to be written
        :raise UserError: where there is nothing to withdraw
        """
        if vals.get("want", self.want):
            return vals
        if not self.want and (vals.get("tolerance") or vals.get("minimum")):
            raise UserError(
                self.env._(
                    "%s: say first how many you want; the other options count on top "
                    "of it.",
                    offer.name,
                )
            )
        return {**vals, **NOTHING}

    def _check_figures(self, offer, vals):
        """Whole, not negative, and all-or-nothing no more than what is asked for."""
        labels = self._portal_labels()
        for name in LABELS:
            value = vals.get(name, 0)
            if type(value) is not int or not 0 <= value <= MOST:
                raise UserError(
                    self.env._(
                        "%(field)s: give a number from 0 to %(most)s.",
                        field=labels[name],
                        most=offer._in_words(MOST),
                    )
                )
        want, minimum = (
            vals.get(name, self[name] or 0) for name in ("want", "minimum")
        )
        if minimum > want:
            raise UserError(
                self.env._(
                    "%(field)s: %(minimum)s is more than the %(want)s asked for; it is "
                    "at most that.",
                    field=labels["minimum"],
                    minimum=offer._in_words(minimum),
                    want=offer._in_words(want),
                )
            )
        if (vals.get("ceiling") or 0) < 0:
            raise UserError(
                self.env._("%s: a price cannot be negative.", labels["ceiling"])
            )


class RoundCommits(models.Model):
    _inherit = "ess.round"

    def _check_commits(self, entity):
        """Open, before the deadline, and the charter accepted as it is now.

        :raise UserError: the sentence that the member reads
        """
        self.ensure_one()
        self._require_state("open")
        self._check_deadline()
        if self.circle_id not in entity._ess_accepted_circles():
            raise UserError(
                self.env._(
                    "Charter: %(member)s has not accepted that of %(circle)s; accept "
                    "it, then commit.",
                    member=entity.name,
                    circle=self.circle_id.name,
                )
            )

    def _check_deadline(self):
        if self._is_past_deadline():
            raise UserError(
                self.env._(
                    "%(round)s took commitments until %(date)s; ask the federation if "
                    "something has to change.",
                    round=self.name,
                    date=self._when(self.date_close),
                )
            )
