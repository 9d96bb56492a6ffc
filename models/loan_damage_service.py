from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .booking_waiting import SERVING
from .occupancy import NotFree

# How long something lost is missing, unless the federation writes it off.
LOST_FOR = timedelta(days=365)


class LoanDamageService(models.Model):
    """Takes what is broken out of service, and sees to the bookings it breaks."""

    _inherit = "ess.loan.damage"

    def action_out_of_service(self, until):
        """Take the damaged units out of use from now on.

        Bookings that cannot be kept wait, first in the queue, and their holders are
        told and choose.

        :param until: naive UTC, or its string
        :raise NotFree: when the time is taken by something else than a promise
        """
        damage = self._begin("lender", "facilitator")
        if damage.is_out_of_service:
            raise UserError(
                self.env._(
                    "%(asset)s is out of service for %(damage)s already: put it back "
                    "first.",
                    asset=damage.asset_id.name,
                    damage=damage.name,
                )
            )
        now = fields.Datetime.now()
        until = fields.Datetime.to_datetime(until or False)
        if not until or until <= now:
            raise UserError(
                self.env._("Out of service until: choose a moment that is to come.")
            )
        damage._take_out(now, until)
        return True

    def _take_out(self, now, until):
        """The maintenance, through the gate, once its place is made."""
        broken = self._broken_bookings(until)
        if broken:
            self.env["ess.loan.disruption"].sudo()._disrupt(
                broken, "damage", damage=self, expected_on=until
            )
        occupancies = self.env["ess.occupancy"].sudo()
        claims = [self._maintenance(now, until)]
        self.occupancy_id = occupancies._replace(occupancies.browse(), claims)

    def _take_out_if_possible(self, now, until):
        """What an inspection found is recorded, whatever else takes that time.

        The maintenance ends where a closure begins; where none fits, that is logged.
        """
        self.ensure_one()
        for stop in (until, self._first_closure(now, until)):
            if not stop or stop <= now:
                continue
            try:
                with self.env.cr.savepoint():
                    self._take_out(now, stop)
                    self.env.flush_all()
                return
            except NotFree:
                self.env.invalidate_all()
        self.message_post(
            body=self.env._(
                "%s is not out of service by itself, as its time is taken otherwise: "
                "look at its calendar.",
                self.asset_id.name,
            )
        )

    def _first_closure(self, now, until):
        """When the next thing begins that is no promise to a member."""
        rows = self.env["ess.occupancy"].sudo()
        first = rows.search(
            [
                ("asset_id", "in", list(self.asset_id._needs()[self.asset_id.id])),
                ("booking_id", "=", False),
                ("start", "<", until),
                ("stop", ">", now),
            ],
            order="start",
            limit=1,
        )
        return first.start

    def _maintenance(self, start, until):
        return {
            "asset_id": self.asset_id.id,
            "quantity": self.quantity,
            "start": start,
            "stop": until,
            "kind": "maintenance",
            "note": self.name,
        }

    def _broken_bookings(self, until):
        """Promises that cannot be kept while these units are missing.

        What is out already stays so; of the others, who was promised first keeps it.

        :param until: naive UTC
        :return: ess.booking in superuser mode, in the order of their start
        """
        self.ensure_one()
        damage = self.sudo()
        claim = damage._maintenance(fields.Datetime.now(), until)
        return self.env["ess.occupancy"].sudo()._broken_by([claim])

    def action_back_in_service(self):
        """It can be used again: who waits for it gets it, in their order."""
        damage = self._begin("lender", "facilitator")
        if not damage.is_out_of_service:
            raise UserError(
                self.env._("%s is not out of service.", damage.asset_id.name)
            )
        damage._put_back()
        return True

    def _put_back(self):
        """It was really missing until now: that much stays on record."""
        occupancy = self.occupancy_id
        rows = occupancy | occupancy.child_ids
        self.occupancy_id = False
        rows._shorten(occupancy.stop - fields.Datetime.now())

    def action_write_off(self, reason):
        """What is lost is no longer counted: the federation's decision."""
        damage = self._begin("facilitator")
        reason = self._checked(reason)
        asset = damage.asset_id
        if asset.capacity <= damage.quantity:
            raise UserError(
                self.env._(
                    "%s would have no unit left: archive the asset instead.",
                    asset.name,
                )
            )
        if damage.kind != "loss" or not damage.is_out_of_service:
            raise UserError(
                self.env._(
                    "Only what is lost, and was not found again, is written off."
                )
            )
        # who waits is served by the units that are left, not by those that are gone
        damage.with_context(ess_serving=SERVING)._put_back()
        asset.capacity -= damage.quantity
        damage._log(reason)
        return True
