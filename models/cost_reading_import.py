from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date


class CostReadingImport(models.Model):
    """Readings by hand or from a file: of members of the pools, and not twice."""

    _inherit = "ess.cost.reading"

    @api.constrains("key_id", "entity_id", "date")
    def _check_membership(self):
        refusals = self._not_members([(r.key_id, r.entity_id, r.date) for r in self])
        for sentence in refusals.values():
            raise ValidationError(sentence)

    @api.model
    def _not_members(self, uses):
        """Readings of somebody who was not in a pool with that key on that day.

        :param uses: [(key, member, day)]
        :return: {index: sentence}
        """
        keys = self.env["ess.cost.key"].browse({key.id for key, _e, _d in uses})
        pools = keys.sudo().pool_ids
        entity_ids = [entity.id for _key, entity, _day in uses]
        spans = {}
        for member in (
            self.env["ess.cost.pool.member"]
            .sudo()
            .search([("pool_id", "in", pools.ids), ("entity_id", "in", entity_ids)])
        ):
            key = member.pool_id.id, member.entity_id.id
            spans.setdefault(key, []).append((member.date_from, member.date_to))
        refusals = {}
        for index, (key, entity, day) in enumerate(uses):
            for pool in pools.filtered(lambda p, k=key: p.key_id == k):
                known = spans.get((pool.id, entity.id), ())
                if not any(a <= day and (not b or day <= b) for a, b in known):
                    refusals[index] = self._outside(pool, entity, day, known)
        return refusals

    @api.model
    def _outside(self, pool, entity, day, spans):
        words = {
            "member": entity.sudo().name,
            "pool": pool.name,
            "date": format_date(self.env, day),
        }
        if not spans:
            return self.env._(
                "%(member)s has never been in %(pool)s: a reading on %(date)s would "
                "belong to nobody.",
                **words,
            )
        last = max(spans, key=lambda span: span[0])
        return self.env._(
            "%(member)s was not in %(pool)s on %(date)s: its membership is from "
            "%(start)s to %(stop)s.",
            start=format_date(self.env, last[0]),
            stop=format_date(self.env, last[1]) if last[1] else self.env._("today"),
            **words,
        )

    # === IMPORT === #

    @api.model
    def _import_refusals(self, vals_list):
        """Who was not there, and readings that are here already."""
        refusals = super()._import_refusals(vals_list)
        keys, partners = self.env["ess.cost.key"], self.env["res.partner"]
        uses = [
            (
                keys.browse(vals.get("key_id") or []),
                partners.browse(vals.get("entity_id") or []),
                fields.Date.to_date(vals.get("date")) or fields.Date.today(),
            )
            for vals in vals_list
        ]
        known = self._import_known(uses)
        for index, (vals, use) in enumerate(zip(vals_list, uses, strict=True)):
            quantity = vals.get("quantity") or 0
            if quantity < 0:
                refusals[index] = self.env._("Quantity: it cannot be negative.")
            elif (use[0].id, use[1].id, use[2], round(quantity, 4)) in known:
                refusals[index] = self.env._("This reading is here already.")
        return {**self._not_members(uses), **refusals}

    @api.model
    def _import_known(self, uses):
        readings = self.search(
            [
                ("key_id", "in", [key.id for key, _e, _d in uses]),
                ("date", "in", list({day for _k, _e, day in uses})),
            ]
        )
        return {
            (r.key_id.id, r.entity_id.id, r.date, round(r.quantity, 4))
            for r in readings
        }
