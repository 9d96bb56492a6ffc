from fractions import Fraction

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ..tools.cost_run import (
    NotShared,
    Part,
    Rule,
    exact_from,
    from_cents,
    shares,
    to_cents,
)

BY_PART = ("components", "increments")
BY_USE = ("usage", "two_part")


class CostKeyVersionRule(models.Model):
    """A version as a rule of `tools`, for those who are in a pool in some days."""

    _inherit = "ess.cost.key.version"

    @api.depends("key_id.name", "date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._(
                "%(key)s from %(date)s",
                key=version.key_id.name or "",
                date=format_date(self.env, version.date_from) or "",
            )

    def _rule(self, presence, usage=None):
        """The rule for these members.

        :param presence: who is in the pool on how many days
        :param usage: exact use by member, for versions that split by it
        """
        self.ensure_one()
        days = presence.days
        ceilings = dict(presence.standalone) if self.is_capped else None
        if self.kind in BY_PART:
            rule = Rule(
                weights=dict.fromkeys(days, 0),
                parts=self._parts(presence),
                ceilings=ceilings,
            )
            return rule
        fixed = Fraction(1)
        if self.kind == "usage":
            fixed = Fraction(0)
        elif self.kind == "two_part":
            fixed = exact_from(self.fixed_percent, 2) / 100
        weights = {} if self.kind == "usage" else self._weights(presence)
        return Rule(
            weights={key: weights.get(key, 0) * days[key] for key in days},
            usage=usage if usage is not None else dict.fromkeys(days, 0),
            fixed=fixed,
            ceilings=ceilings,
        )

    # === WEIGHTS === #

    def _weights(self, presence):
        """The weight of each member, before its days count."""
        if self.kind == "equal" or (self.kind == "two_part" and not self.line_ids):
            return dict.fromkeys(presence.days, Fraction(1))
        if self.kind == "ownership":
            return self._ownership(presence)
        lines = {line.entity_id.id: line for line in self.line_ids}
        self._check_lines(presence, lines)
        return {key: exact_from(lines[key].weight, 4) for key in presence.days}

    def _check_lines(self, presence, lines):
        """Who has no line is refused: it would pay nothing without anybody's word."""
        missing = [key for key in presence.days if key not in lines]
        if missing:
            names = (
                self.env["res.partner"].sudo().browse(sorted(missing)).mapped("name")
            )
            raise UserError(
                self.env._(
                    "%(version)s has no line for %(members)s: give each one, with 0 "
                    "where it carries nothing.",
                    version=self.display_name,
                    members=", ".join(names[:5]) + ("…" if len(names) > 5 else ""),
                )
            )

    def _ownership(self, presence):
        """What each owns, as a fraction of each asset; all owners must be there."""
        if not self.asset_ids.share_ids:
            raise UserError(
                self.env._(
                    "%s has no asset with co-owners: enter their parts.",
                    self.display_name,
                )
            )
        owned = dict.fromkeys(presence.days, Fraction())
        for asset in self.asset_ids:
            total = sum(asset.share_ids.mapped("parts"))
            for share in asset.share_ids:
                owner = share.entity_id
                if owner.id not in owned:
                    raise UserError(
                        self.env._(
                            "%(member)s owns %(parts)s of %(total)s parts of %(asset)s "
                            "but is not in the pool: enter its membership.",
                            member=owner.sudo().name,
                            parts=share.parts,
                            total=total,
                            asset=asset.name,
                        )
                    )
                owned[owner.id] += Fraction(share.parts, total)
        return owned

    # === PARTS === #

    def _parts(self, presence):
        """The components, each with the days of those who need it."""
        if not self.component_ids:
            raise UserError(
                self.env._("%s has no components: enter them.", self.display_name)
            )
        needs = self._needs(presence)
        decimals = self.currency_id.decimal_places
        return tuple(
            Part(
                key=component.id,
                users={
                    key: days
                    for key, days in presence.days.items()
                    if key in needs[component.id]
                },
                products=frozenset(component.product_ids.ids),
                amount=to_cents(component.amount, decimals),
            )
            for component in self.component_ids
        )

    def _needs(self, presence):
        """Who needs each component: those named, or all whose level reaches it."""
        if self.kind == "components":
            return {c.id: set(c.entity_ids.ids) for c in self.component_ids}
        lines = {line.entity_id.id: line for line in self.line_ids}
        self._check_lines(presence, lines)
        levels = {key: lines[key].level for key in presence.days}
        return {
            component.id: {k for k, level in levels.items() if level >= component.level}
            for component in self.component_ids
        }

    # === REFUSALS === #

    def _shares(self, costs, rule, pool, span):
        """The exact shares, or a sentence that says why there are none."""
        try:
            return shares(costs, rule)
        except NotShared as error:
            words = {"pool": pool.name, "version": self.display_name}
            words.update(pool._span_words(span))
            sentence = getattr(self, f"_refusal_{error.reason}")
            raise UserError(sentence(words, **error.figures)) from error

    def _money(self, cents):
        amount = from_cents(round(cents), self.currency_id.decimal_places)
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _refusal_no_weight(self, words, cents):
        return self.env._(
            "%(version)s gives nobody in %(pool)s any weight between %(start)s and "
            "%(stop)s: enter weights or choose another key.",
            **words,
        )

    def _refusal_no_usage(self, words, cents):
        return self.env._(
            "%(version)s gives nobody in %(pool)s any weight between %(start)s and "
            "%(stop)s, for nothing was used: record readings or choose another key.",
            **words,
        )

    def _refusal_no_component(self, words, cents, products):
        names = self.env["product.product"].browse(
            [product for product in products if product]
        )
        return self.env._(
            "%(amount)s of %(what)s belong to no component of %(version)s: add these "
            "products to one, or make one without products and with an amount.",
            amount=self._money(cents),
            what=", ".join(names.mapped("display_name")) or self.env._("other costs"),
            **words,
        )

    def _refusal_nobody_needs(self, words, part, cents):
        component = self.env["ess.cost.key.component"].browse(part)
        return self.env._(
            "%(component)s cost %(amount)s between %(start)s and %(stop)s, but nobody "
            "in %(pool)s needs it then: name who does.",
            component=component.name,
            amount=self._money(cents),
            **words,
        )

    def _refusal_no_ceiling(self, words, members):
        partners = self.env["res.partner"].sudo().browse(sorted(members))
        return self.env._(
            "%(version)s is capped by the cost alone, which is not known for "
            "%(members)s: enter it in the members of %(pool)s.",
            members=", ".join(partners.mapped("name")[:5]),
            **words,
        )

    def _refusal_low_ceilings(self, words, cents, most):
        return self.env._(
            "%(amount)s of %(pool)s are more than the members would pay alone between "
            "%(start)s and %(stop)s (%(most)s): no cap can hold. Check the costs "
            "alone, or choose a key without a cap.",
            amount=self._money(cents),
            most=self._money(most),
            **words,
        )
