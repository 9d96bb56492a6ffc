from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang


class CostPoolExchange(models.Model):
    """What runs and calls have in common when they become exchanges."""

    _inherit = "ess.cost.pool"

    def _bump(self):
        """Two acts on one pool collide here, and the second one looks again."""
        self.ensure_one()
        pool = self.sudo()
        pool.run_version += 1
        pool.flush_recordset(["run_version"])

    def _in_words_of(self, entity):
        """This pool in the language of a member: what it reads is kept for good."""
        lang = entity.lang or self.company_id.partner_id.lang or self.env.lang
        return self.with_context(lang=lang)

    def _exchange_base(self, entity, day):
        return {
            "date": day,
            "provider_id": self.company_id.partner_id.id,
            "receiver_id": entity.id,
            "quantity": 1,
            "currency_id": self.currency_id.id,
            "company_id": self.company_id.id,
            "analytic_distribution": {str(self.analytic_account_id.id): 100},
        }

    def _refuse_product(self):
        raise UserError(
            self.env._(
                "Settlement product: %s has none, so that no account is known.",
                self.name,
            )
        )

    # === TAXES === #

    def _member_taxes(self, entities, day):
        """{member: taxes} by the regime that holds for each on this day."""
        last = self._memberships_on(day)
        return {
            entity: self._taxes_of(entity, last.get(entity), day) for entity in entities
        }

    def _memberships_on(self, day):
        """{member: its membership on this day, else the one nearest to it}"""
        last = {}
        for member in self.member_ids.sorted("date_from"):
            if member.date_from <= day or member.entity_id not in last:
                last[member.entity_id] = member
        return last

    def _taxes_of(self, entity, member, day):
        words = {"member": entity.name, "pool": self.name}
        regime = member.regime_id if member else False
        if not regime:
            raise UserError(
                self.env._(
                    "Tax regime: none is chosen for %(member)s in %(pool)s, and none "
                    "is assumed.",
                    **words,
                )
            )
        if not regime.tax_ids:
            raise UserError(
                self.env._(
                    "Tax: the regime %(regime)s of %(member)s in %(pool)s has no tax; "
                    "0 %% is one.",
                    regime=regime.name,
                    **words,
                )
            )
        archived = regime.tax_ids.filtered(lambda tax: not tax.active)
        if archived:
            raise UserError(
                self.env._(
                    "Tax: %(tax)s of the regime %(regime)s is archived: choose the tax "
                    "that follows it.",
                    tax=archived[0].name,
                    regime=regime.name,
                )
            )
        if regime.needs_declaration:
            # of somebody who left, it has to hold until its last day
            self._check_declaration(member, min(day, member.date_to or day), words)
        return regime.tax_ids

    def _check_declaration(self, member, day, words):
        regime = member.regime_id
        words = {**words, "regime": regime.name, "date": format_date(self.env, day)}
        if not member.declared_until or member.declared_until < day:
            raise UserError(
                self.env._(
                    "Declaration: %(member)s has none in %(pool)s that holds on "
                    "%(date)s, which the regime %(regime)s needs.",
                    **words,
                )
            )
        if member.declared_percent > regime.max_taxed_percent:
            words["percent"] = formatLang(self.env, member.declared_percent)
            words["most"] = formatLang(self.env, regime.max_taxed_percent)
            raise UserError(
                self.env._(
                    "Declaration: %(percent)s %% of the receipts of %(member)s are "
                    "taxed; the regime %(regime)s allows %(most)s %%. Choose another "
                    "regime for it in %(pool)s.",
                    **words,
                )
            )
