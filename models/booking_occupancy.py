from datetime import timedelta

from odoo import fields, models

from .booking import TAKING

NO_TIME = timedelta(0)

# Forms that one person fills in at the same time; more would keep things from others.
MOST_HOLDS = 3


class BookingOccupancy(models.Model):
    """The time that a booking takes: always what its state and its dates say."""

    _inherit = "ess.booking"

    def _sync_occupancy(self, moved=True):
        """Bring the occupancies of these bookings in line, through the gate.

        :param bool moved: False when only their state changed: what was promised stays
            as it was taken, whatever buffers were set since
        :raise NotFree: when the time is not free (any more)
        """
        bookings = self.sudo()
        claims, outdated = [], self.env["ess.occupancy"].sudo()
        for booking in bookings:
            wanted = booking._claims()
            present = booking.occupancy_ids
            if wanted and not moved and booking._is_promised(wanted[-1]):
                earlier = booking._taken_until() - wanted[-1]["stop"]
                if earlier > NO_TIME:
                    present._ending_last()._shorten(earlier)
                continue
            if wanted and booking._takes_already(wanted):
                continue
            outdated |= present
            claims += wanted
        if outdated or claims:
            self.env["ess.occupancy"].sudo()._replace(outdated, claims)
            bookings.invalidate_recordset(["occupancy_ids"])

    def _is_promised(self, claim):
        """Whether the claim is the promise that has its time already."""
        kinds = set(self.occupancy_ids.mapped("kind"))
        return claim["kind"] == "booking" and kinds == {"booking"}

    def _claim(self):
        """What this booking takes now, or None.

        A booking that came back early gives the rest of its time back.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        held = self.state == "draft" and self.hold_until and self.hold_until > now
        if self.state not in TAKING and not held:
            return None
        stop = self.stop
        if self.state == "done" and self.returned_on and self.start < self.returned_on:
            stop = min(stop, self.returned_on)
        elif self.state == "done" and self.returned_on:
            return None
        return {
            "asset_id": self.asset_id.id,
            "quantity": self.quantity,
            "start": self.start,
            "stop": stop,
            "kind": "hold" if held else "booking",
            "booking_id": self.id,
            "expires_at": self.hold_until if held else False,
        }

    def _takes_already(self, claims):
        """Whether the rows are those that the claims would make."""
        rows = self.occupancy_ids
        if not rows:
            return False
        groups = self.env["ess.occupancy"]._expand(claims)
        wanted = [row for group in groups for row in group]
        keys = ("asset_id", "quantity", "start", "stop", "kind", "expires_at")

        def key(values):
            return tuple(values[name] for name in keys)

        return sorted(map(key, wanted), key=str) == sorted(
            (
                (r.asset_id.id, r.quantity, r.start, r.stop, r.kind, r.expires_at)
                for r in rows
            ),
            key=str,
        )

    # === HOLDS === #

    def _hold(self):
        """Keep the time of these drafts while somebody fills in the request.

        :raise NotFree: when the time is taken
        """
        self._release_oldest_holds()
        for booking in self.sudo():
            minutes = booking.asset_id.policy_id.hold_minutes or 15
            booking.hold_until = fields.Datetime.add(
                fields.Datetime.now(), minutes=minutes
            )

    def _release_oldest_holds(self):
        """One person holds few things at a time: a new hold gives back the oldest."""
        held = self.sudo().search(
            [
                ("create_uid", "=", self.env.uid),
                ("state", "=", "draft"),
                ("hold_until", ">", fields.Datetime.now()),
                ("id", "not in", self.ids),
            ],
            order="hold_until desc, id desc",
            offset=MOST_HOLDS - 1,
        )
        held.write({"hold_until": False})
