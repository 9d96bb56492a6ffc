from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_datetime

from ..tools.occupancy import Ledger
from .entered import entered

KINDS = [
    ("booking", "Booking"),
    ("hold", "Hold"),
    ("maintenance", "Maintenance"),
    ("closure", "Closure"),
    ("own_use", "Own Use"),
]
# What a person may record by hand; bookings and holds come from bookings.
HAND_KINDS = ("maintenance", "closure", "own_use")
# What the gate says of a row, and nobody else.
OWN = {"booking_id", "exclusive", "parent_id"}
GATED = {"asset_id", "quantity", "start", "stop", "kind", "expires_at"}


class NotFree(ValidationError):
    """The time asked for is taken; the message says how much of it is left."""


class Occupancy(models.Model):
    """Time that is really taken: the only truth about availability.

    `_replace` is the one gate that makes, moves, enlarges or revives an occupancy.
    A composite's occupancy is a root with one child row per component. Intervals are
    half-open, in UTC, buffers included.
    """

    _name = "ess.occupancy"
    _description = "Taken Time"
    _inherit = ["ess.derived"]
    _order = "start, id"
    _rec_name = "asset_id"
    _check_company_auto = True

    asset_id = fields.Many2one(
        "ess.asset", required=True, index=True, ondelete="cascade"
    )
    quantity = fields.Integer(required=True, default=1)
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    kind = fields.Selection(KINDS, required=True, default="closure")
    note = fields.Char(string="Reason")
    booking_id = fields.Many2one(
        "ess.booking", ondelete="cascade", index="btree_not_null", readonly=True
    )
    parent_id = fields.Many2one(
        "ess.occupancy",
        string="Through",
        ondelete="cascade",
        index="btree_not_null",
        readonly=True,
        help="The occupancy of the composite that takes this component.",
    )
    child_ids = fields.One2many("ess.occupancy", "parent_id", readonly=True)
    expires_at = fields.Datetime(
        readonly=True, index="btree_not_null", help="When a hold ends by itself."
    )
    exclusive = fields.Boolean(
        readonly=True, help="The asset has one unit: nothing may overlap."
    )
    company_id = fields.Many2one(related="asset_id.company_id", store=True, index=True)
    owner_id = fields.Many2one(related="asset_id.owner_id", store=True, index=True)

    _start_before_stop = models.Constraint(
        "CHECK (stop > start)", "A use ends after it starts."
    )
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A use takes at least one unit."
    )
    # The spelling with int4range needs no extension.
    _never_twice = models.Constraint(
        "EXCLUDE USING gist (int4range(asset_id, asset_id, '[]') WITH =, "
        "tsrange(start, stop, '[)') WITH &&) WHERE (exclusive)",
        "This time was taken meanwhile by somebody else.",
    )
    _asset_window = models.Index("(asset_id, start, stop)")

    # === CRUD METHODS: every way in leads through the gate === #

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        # the gate writes in superuser mode: who may come in is decided here
        self.browse().check_access("create")
        given = [entered(self, vals) for vals in vals_list]
        if not self.env.su and any(
            found.get("kind", "closure") not in HAND_KINDS
            or any(found.get(name) for name in OWN)
            for found in given
        ):
            raise UserError(
                self.env._("Time for a booking is taken by the booking itself.")
            )
        rows = self._replace(self.browse(), vals_list)
        rows.check_access("create")
        return rows

    def write(self, vals):
        if not self.env.su and OWN & set(vals):
            raise UserError(
                self.env._("Time for a booking is taken by the booking itself.")
            )
        if not GATED & set(vals):
            return super().write(vals)
        self.check_access("write")
        self._check_by_hand()
        for row in self:
            row._replace(row | row.child_ids, [row._claim_vals(vals)], keep=row)
        self.check_access("write")
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        self._check_by_hand()

    def unlink(self):
        assets = (self | self.child_ids).asset_id
        assets |= assets._bump()
        res = super(Occupancy, self.exists()).unlink()
        self.env["ess.booking"]._serve_waiting(assets)
        return res

    def _check_by_hand(self):
        """Rows of bookings and components are not changed one by one."""
        if not self.env.su and self.filtered(lambda r: r.booking_id or r.parent_id):
            raise UserError(
                self.env._(
                    "This time belongs to a booking or to a composite: change that one."
                )
            )

    def _claim_vals(self, vals=None):
        self.ensure_one()
        present = {
            "asset_id": self.asset_id.id,
            "quantity": self.quantity,
            "start": self.start,
            "stop": self.stop,
            "kind": self.kind,
            "note": self.note,
            "booking_id": self.booking_id.id,
            "expires_at": self.expires_at,
        }
        return {**present, **(vals or {})}

    # === THE GATE === #

    @api.model
    def _replace(self, removed, claims, keep=None):
        """Give back some taken time and take other time, all or nothing.

        The one gate. It updates the version of every asset concerned (in the order of
        their ids), so that a transaction which looked at an older state of one of
        them fails to serialize and is tried again; then it compares the peak with the
        capacity, and writes.

        :param removed: ess.occupancy rows that are given back, with their children
        :param list[dict] claims: root occupancies to make; start and stop are those of
            the use, buffers are added here
        :param keep: a root row of `removed` to update in place (one claim)
        :return: the root rows
        :raise NotFree: says how much is free, and when
        """
        groups = self._expand(claims)
        assets = removed.asset_id | self.env["ess.asset"].browse(
            {row["asset_id"] for group in groups for row in group}
        )
        # time of holds that ended goes to who waits for it, before anybody else comes
        self.env["ess.booking"]._serve_waiting(assets._bump())
        shortages = self._shortages(groups, removed)
        if shortages:
            raise NotFree(next(iter(shortages.values())))
        removed = removed.exists()
        freed = removed.asset_id
        (removed - (keep or self.browse())).sudo()._drop()
        roots = self.sudo()._write_groups(groups, keep)
        if freed:
            self.env["ess.booking"]._serve_waiting(freed)
        return roots.sudo(self.env.su)

    def _drop(self):
        # pylint: disable=super-method-mismatch; the gate alone reaches Odoo's own
        return super().unlink()

    def _shorten(self, earlier):  # pylint: disable=missing-return
        """Let these rows end earlier: what remains was theirs already.

        :param timedelta earlier: what is left of nothing goes
        """
        assets = self.asset_id
        freed = assets | assets._bump()
        gone = self.filtered(lambda row: row.stop - earlier <= row.start)
        # pylint: disable=super-method-mismatch; nothing is taken here
        for row in self - gone:
            super(Occupancy, row).write({"stop": row.stop - earlier})
        (gone | gone.child_ids)._drop()
        self.env["ess.booking"]._serve_waiting(freed)

    def _ending_last(self):
        """Of each asset, the rows that end last: those of what is still out."""
        last = {}
        for row in self:
            last[row.asset_id] = max(row.stop, last.get(row.asset_id, row.stop))
        return self.filtered(lambda row: row.stop == last[row.asset_id])

    def _thin(self, units, at):
        """Some units of this root are back: their rows end, the others go on.

        Nothing is taken that was not: the rows of those units only get shorter.

        :param int units: fewer than the root has
        :param at: naive UTC; buffers after the use follow it
        """
        self.ensure_one()
        root, rows = self, self | self.child_ids
        assets = rows.asset_id
        freed = assets | assets._bump()
        ends = self._ends_of(root, units, at)
        group = []
        for row in rows:
            back = row.quantity * units // root.quantity
            stop = min(ends.get(row.asset_id.id, row.start), row.stop)
            if stop > row.start:
                vals = {**row._claim_vals(), "exclusive": row.exclusive}
                group.append({**vals, "quantity": back, "stop": stop})
        # from the component up: what a child loses follows from its root's quantity
        for row in reversed(rows):
            left = row.quantity - row.quantity * units // root.quantity
            row._write_groups([[{"quantity": left}]], keep=row)
        if group:
            self._write_groups([group])
        self.env["ess.booking"]._serve_waiting(freed)

    def _ends_of(self, root, units, at):
        """:return: {asset id: when units back at this instant are free again}"""
        start = root.booking_id.start
        if at <= start:
            return {}
        claim = root._claim_vals({"quantity": units, "start": start, "stop": at})
        return {row["asset_id"]: row["stop"] for row in self._expand([claim])[0]}

    def _retake(self):
        """Take anew what this root needs, after its asset's components changed."""
        self.ensure_one()
        if self.booking_id:
            self.booking_id._sync_occupancy()
        else:
            self._replace(self | self.child_ids, [self._claim_vals()], keep=self)

    @api.model
    def _expand(self, claims):
        """Rows of each claim: the asset itself, then its components.

        :return: one list of vals per claim; the first is the root's
        """
        claims = [self._clean(claim) for claim in claims]
        assets = self.env["ess.asset"].sudo().browse({c["asset_id"] for c in claims})
        needs = assets._needs()
        taken = assets.browse({a for need in needs.values() for a in need})
        before = {a.id: a.policy_id.buffer_before_minutes for a in taken}
        after = {a.id: a.policy_id.buffer_after_minutes for a in taken}
        exclusive = {a.id: a.capacity == 1 for a in taken}
        groups = []
        for claim in claims:
            root = claim["asset_id"]
            buffered = claim["kind"] in ("booking", "hold")
            rows = []
            for asset, units in sorted(
                needs[root].items(), key=lambda item, root=root: item[0] != root
            ):
                head = max(before[asset], before[root]) if buffered else 0
                tail = max(after[asset], after[root]) if buffered else 0
                rows.append(
                    {
                        **claim,
                        "asset_id": asset,
                        "quantity": claim["quantity"] * units,
                        "start": claim["start"] - timedelta(minutes=head),
                        "stop": claim["stop"] + timedelta(minutes=tail),
                        "exclusive": exclusive[asset],
                    }
                )
            groups.append(rows)
        return groups

    @api.model
    def _clean(self, claim):
        """A claim with every key, its dates parsed, its bounds in order."""
        defaults = {"quantity": 1, "kind": "closure", "booking_id": False}
        claim = {**defaults, "note": False, "expires_at": False, **claim}
        start, stop = self.env["ess.asset"]._check_window(
            claim.get("start"), claim.get("stop")
        )
        if claim["quantity"] < 1:
            raise ValidationError(
                self.env._("Quantity: a use takes at least one unit.")
            )
        return {**claim, "start": start, "stop": stop}

    @api.model
    def _shortages(self, groups, removed=None):
        """Which claims do not fit when they are admitted one after the other.

        :param groups: see `_expand`
        :param removed: ess.occupancy rows that no longer count
        :return: {index of the claim: sentence}; claims that fit leave no trace
        """
        if not groups:
            return {}
        rows = [row for group in groups for row in group]
        start = min(row["start"] for row in rows)
        stop = max(row["stop"] for row in rows)
        assets = self.env["ess.asset"].sudo()
        assets._flush_availability()
        intervals, capacities = assets._taken(
            {row["asset_id"] for row in rows}, start, stop, removed
        )
        ledgers = {
            asset: Ledger(capacity, intervals[asset])
            for asset, capacity in capacities.items()
        }
        shortages = {}
        for index, group in enumerate(groups):
            for row in group:
                free = ledgers[row["asset_id"]].free(row["start"], row["stop"])
                if free < row["quantity"]:
                    shortages[index] = self._shortage_sentence(
                        group[0], row, max(free, 0), capacities[row["asset_id"]]
                    )
                    break
            else:
                for row in group:
                    ledgers[row["asset_id"]].add(
                        row["start"], row["stop"], row["quantity"]
                    )
        return shortages

    @api.model
    def _shortage_sentence(self, root, row, free, capacity):
        asset = self.env["ess.asset"].sudo().browse(row["asset_id"])
        tz = asset.tz

        def local(instant):
            return format_datetime(self.env, instant, tz=tz, dt_format="d MMMM y HH:mm")

        figures = {
            "free": free,
            "capacity": capacity,
            "asset": asset.display_name,
            "start": local(row["start"]),
            "stop": local(row["stop"]),
            "asked": row["quantity"],
        }
        if row["asset_id"] != root["asset_id"]:
            composite = asset.browse(root["asset_id"]).display_name
            return self.env._(
                "%(composite)s takes %(asked)s × %(asset)s, of which %(free)s of "
                "%(capacity)s are free from %(start)s to %(stop)s.",
                composite=composite,
                **figures,
            )
        if capacity == 1:
            return self.env._(
                "%(asset)s is taken between %(start)s and %(stop)s.", **figures
            )
        return self.env._(
            "%(free)s of %(capacity)s %(asset)s are free from %(start)s to %(stop)s; "
            "%(asked)s were asked for.",
            **figures,
        )

    def _write_groups(self, groups, keep=None):
        """Write admitted rows: the roots in one batch, then their children."""
        # pylint: disable=super-method-mismatch; the gate alone reaches Odoo's own
        create = super().create
        try:
            with self.env.cr.savepoint():
                if keep:
                    super(Occupancy, keep).write(groups[0][0])
                    roots = keep
                else:
                    roots = create([group[0] for group in groups])
                create(
                    [
                        {**row, "parent_id": root.id}
                        for root, group in zip(roots, groups, strict=True)
                        for row in group[1:]
                    ]
                )
        except psycopg2.errors.ExclusionViolation as error:
            # Only reached by something that went round the versions.
            raise NotFree(
                self.env._("This time was taken meanwhile by somebody else.")
            ) from error
        return roots

    # === HOLDS === #

    @api.model
    def _drop_expired(self, asset_ids):
        """Holds of these assets whose time is over (None: of all assets)."""
        domain = [("expires_at", "<=", fields.Datetime.now())]
        if asset_ids is not None:
            domain.append(("asset_id", "in", list(asset_ids)))
        expired = self.sudo().search(domain)
        # a component's row goes with its root and the other way round
        expired = (expired.parent_id | expired) | (
            expired.parent_id | expired
        ).child_ids
        assets = expired.asset_id
        expired._drop()
        return assets

    @api.autovacuum
    def _gc_expired(self):
        self._cron_release_holds()

    @api.model
    def _cron_release_holds(self):
        assets = self._drop_expired(None)
        if assets:
            assets._bump()
            self.env["ess.booking"]._serve_waiting(assets)
