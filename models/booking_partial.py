from odoo import models


class BookingPartial(models.Model):
    """What came back before the rest takes no more time: one layer per return."""

    _inherit = "ess.booking"

    def _out_quantity(self):
        """Units that left and are neither back nor lost."""
        self.ensure_one()
        if self.state != "ongoing":
            return 0
        return self.quantity - (self.returned_quantity or 0)

    def _claim(self):
        claim = super()._claim()
        if claim and self.state == "ongoing" and self.returned_quantity:
            claim["quantity"] = self._out_quantity()
        return claim

    def _claims(self):
        """What this booking takes: those still out, and those back until they were.

        :return: list of claims for the gate, the one that ends last at the end
        """
        self.ensure_one()
        claim = self._claim()
        if not claim:
            return []
        if not self.returned_quantity or claim["kind"] != "booking":
            return [claim]
        claims, rest = [], self.quantity
        for at, units in self._parts_back():
            rest -= units
            stop = min(at, claim["stop"])
            if stop > claim["start"]:
                claims.append({**claim, "quantity": units, "stop": stop})
        if rest > 0:
            claims.append({**claim, "quantity": rest})
        return sorted(claims, key=lambda one: one["stop"])

    def _parts_back(self):
        """:return: [(instant, units)] in the order in which they came back"""
        lines = self.sudo().inspection_line_ids.filtered("freed_quantity")
        parts = {}
        for line in lines:
            at = line.inspection_id.recorded_on
            parts[at] = parts.get(at, 0) + line.freed_quantity
        return sorted(parts.items())

    def _give_back_units(self, units, at):
        """Some units are free from now on; the rest stays taken as it was.

        :param int units: fewer than are out
        :param at: naive UTC, when they came back
        """
        self.ensure_one()
        rows = self.sudo().occupancy_ids._ending_last()
        # buffers that grew since may let what is back end together with the rest
        root = rows.filtered(lambda row: not row.parent_id).sorted("quantity")[-1:]
        if root.quantity > units:
            root._thin(units, at)
        self.invalidate_recordset(["occupancy_ids"])
