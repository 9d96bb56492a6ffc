from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .cost_key_rule import BY_USE
from .cost_touch import touch

LIVE = [("state", "=", "posted"), ("kind", "in", ("actual", "correction"))]


class CostKeyVersionFreeze(models.Model):
    """A version that a posted run used never changes; it may only end."""

    _inherit = "ess.cost.key.version"

    @api.model_create_multi
    def create(self, vals_list):
        # one that ends and the next, saved together: the database must see the end
        self.flush_model(["date_from", "date_to"])
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - {"date_to"}:
            self._check_unused()
        elif vals:
            self._check_end(vals["date_to"])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _live_uses(self):
        return (
            self.env["ess.cost.run"]
            .sudo()
            .search([("version_id", "in", self.ids), *LIVE], order="date_to desc")
        )

    def _check_unused(self):
        """Refuse to change what a posted run used, also when it posts right now."""
        run = self._live_uses()[:1]
        if run:
            raise UserError(
                self.env._(
                    "%(version)s was used by %(run)s and cannot change any more: end "
                    "it on %(date)s or later, and make a new version.",
                    version=run.version_id.display_name,
                    run=run.name,
                    date=format_date(self.env, run.date_to),
                )
            )
        touch(self)

    def _check_end(self, day):
        day = fields.Date.to_date(day)
        for version in self:
            run = version._live_uses()[:1]
            if run and day and day < run.date_to:
                raise UserError(
                    self.env._(
                        "Last day: %(run)s used %(version)s until %(date)s; it cannot "
                        "end earlier.",
                        run=run.name,
                        version=version.display_name,
                        date=format_date(self.env, run.date_to),
                    )
                )


class CostKeyLineFreeze(models.Model):
    _inherit = "ess.cost.key.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.version_id._check_unused()
        return lines

    def write(self, vals):
        self.version_id._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.version_id._check_unused()


class CostKeyComponentFreeze(models.Model):
    _inherit = "ess.cost.key.component"

    @api.model_create_multi
    def create(self, vals_list):
        components = super().create(vals_list)
        components.version_id._check_unused()
        return components

    def write(self, vals):
        self.version_id._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.version_id._check_unused()


class CostReadingFreeze(models.Model):
    """A reading that a posted run counted never changes."""

    _inherit = "ess.cost.reading"

    def write(self, vals):
        if set(vals) - {"note"}:
            self._check_uncounted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        self._check_uncounted()

    def _check_uncounted(self):
        runs = (
            self.env["ess.cost.run"]
            .sudo()
            .search(
                [
                    ("version_id.key_id", "in", self.key_id.ids),
                    ("version_id.kind", "in", BY_USE),
                    ("version_id.measure", "=", "reading"),
                    *LIVE,
                ]
            )
        )
        for reading in self:
            for run in runs:
                if run.version_id.key_id != reading.key_id:
                    continue
                if run.date_from <= reading.date <= run.date_to:
                    raise UserError(
                        self.env._(
                            "The reading of %(member)s on %(date)s was counted by "
                            "%(run)s: add another reading and compute a correction, "
                            "or reverse the run.",
                            member=reading.entity_id.name,
                            date=format_date(self.env, reading.date),
                            run=run.name,
                        )
                    )
        touch(self)


class CostPoolMemberFreeze(models.Model):
    """Days that a posted run counted are not taken away from a membership."""

    _inherit = "ess.cost.pool.member"

    @api.model_create_multi
    def create(self, vals_list):
        # one that ends and the next, saved together: the database must see the end
        self.flush_model(["date_from", "date_to"])
        return super().create(vals_list)

    def write(self, vals):
        before = {
            member: (member.entity_id, member.pool_id, member.date_from, member.date_to)
            for member in self
        }
        alone = {member: member.standalone_cost for member in self}
        res = super().write(vals)
        if {"entity_id", "pool_id", "date_from", "date_to", "standalone_cost"} & set(
            vals
        ):
            for member in self:
                entity, pool, first, last = before[member]
                runs = member._counted_by(entity, pool, first, last)
                member._check_still_covers(runs, entity, pool, first, last)
                if alone[member] != member.standalone_cost:
                    member._check_no_cap(runs)
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_counted(self):
        for member in self:
            run = member._counted_by(
                member.entity_id, member.pool_id, member.date_from, member.date_to
            )[:1]
            if run:
                member._refuse(run, member.entity_id, member.pool_id)

    def _counted_by(self, entity, pool, first, last):
        """Live posted runs with a share of this member in these days."""
        domain = [
            ("pool_id", "=", pool.id),
            ("share_ids.entity_id", "=", entity.id),
            ("date_to", ">=", first),
            *LIVE,
        ]
        if last:
            domain.append(("date_from", "<=", last))
        runs = self.env["ess.cost.run"].sudo().search(domain, order="date_to desc")
        return runs

    def _check_still_covers(self, runs, entity, pool, first, last):
        self.ensure_one()
        for run in runs:
            needed = max(first, run.date_from), min(last or run.date_to, run.date_to)
            same = self.entity_id == entity and self.pool_id == pool
            starts = self.date_from <= needed[0]
            stops = not self.date_to or self.date_to >= needed[1]
            if not (same and starts and stops):
                self._refuse(run, entity, pool)

    def _refuse(self, run, entity, pool):
        raise UserError(
            self.env._(
                "%(run)s counted %(member)s in %(pool)s from %(start)s to %(stop)s: "
                "its membership cannot be shortened in these days. Reverse the run "
                "first.",
                run=run.name,
                member=entity.name,
                pool=pool.name,
                **pool._span_words((run.date_from, run.date_to)),
            )
        )

    def _check_no_cap(self, runs):
        capped = runs.filtered("version_id.is_capped")[:1]
        if capped:
            raise UserError(
                self.env._(
                    "Cost alone: %(run)s was capped by it. End this membership after "
                    "%(date)s, and enter the new cost in another one.",
                    run=capped.name,
                    date=format_date(self.env, capped.date_to),
                )
            )
