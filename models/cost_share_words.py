from fractions import Fraction

from odoo import api, models
from odoo.tools import format_date, format_list, formatLang

from ..tools.cost_run import from_cents, to_cents


class CostShareWords(models.Model):
    """Says why a share is what it is, with figures, in the language of the reader."""

    _inherit = "ess.cost.share"

    @api.depends("facts", "amount", "called", "due", "kind")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for share in self:
            share.explanation = share.sudo()._explain() if share.facts else ""

    def _explain(self):
        self.ensure_one()
        facts = self.facts
        if self.kind == "reversal":
            return self.env._(
                "%(run)s is taken back as a whole: %(amount)s.",
                run=self.run_id.reversal_of_id.name,
                amount=self._euros(self._amount_cents(self.amount)),
            )
        sentences = [self._words_costs(facts), self._words_rule(facts)]
        sentences += [self._words_cap(facts), self._words_before(facts)]
        sentences += [self._words_result()]
        return " ".join(sentence for sentence in sentences if sentence)

    # === FIGURES === #

    def _amount_cents(self, amount):
        return to_cents(amount, self.currency_id.decimal_places)

    def _euros(self, cents):
        """Exact cents as money, rounded for the eye."""
        amount = from_cents(round(cents), self.currency_id.decimal_places)
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _figure(self, text):
        return self.env["ess.cost.key.version"]._figure(Fraction(text))

    # === SENTENCES === #

    def _words_costs(self, facts):
        words = {
            "cost": self._euros(facts["own"]),
            "start": format_date(self.env, self.date_from),
            "stop": format_date(self.env, self.date_to),
        }
        if not facts["what"]:
            return self.env._(
                "No new costs between %(start)s and %(stop)s.",
                start=words["start"],
                stop=words["stop"],
            )
        return self.env._(
            "%(cost)s of %(what)s between %(start)s and %(stop)s.",
            what=self._words_what(facts),
            **words,
        )

    def _words_what(self, facts):
        products = self.env["product.product"]
        names = [
            products.browse(product).name if product else label
            for product, label in facts["what"]
        ]
        if facts["more"]:
            names.append(self.env._("%s more", facts["more"]))
        return format_list(self.env, names)

    def _words_rule(self, facts):
        if not self.days:
            return self.env._("You were not in the pool then.")
        words = getattr(self, f"_rule_{facts['rule']}")(facts)
        return words

    def _for_days(self, facts):
        """Empty when the member was there all the time."""
        if self.days == facts["span"]:
            return ""
        return self.env._(
            " for %(days)s of %(span)s days", days=self.days, span=facts["span"]
        )

    def _rule_equal(self, facts):
        if facts["all_days"] == facts["members"] * facts["span"]:
            return self.env._("%s members share equally.", facts["members"])
        return self.env._(
            "%(members)s members share equally by days: you have %(days)s of "
            "%(all_days)s.",
            members=facts["members"],
            days=self.days,
            all_days=facts["all_days"],
        )

    def _rule_parts(self, facts):
        return self.env._(
            "You have %(weight)s of %(weights)s parts%(for_days)s.",
            weight=self._figure(facts["weight"]),
            weights=self._figure(facts["weights"]),
            for_days=self._for_days(facts),
        )

    def _rule_indicator(self, facts):
        words = {
            "weight": self._figure(facts["weight"]),
            "weights": self._figure(facts["weights"]),
            "for_days": self._for_days(facts),
        }
        if facts["indicator"] == "headcount":
            return self.env._(
                "You declared %(weight)s of %(weights)s full-time staff%(for_days)s.",
                **words,
            )
        if facts["indicator"] == "budget":
            words["weight"] = self._euros(Fraction(facts["weight"]) * 100)
            words["weights"] = self._euros(Fraction(facts["weights"]) * 100)
            return self.env._(
                "Your annual budget is %(weight)s of %(weights)s%(for_days)s.", **words
            )
        return self.env._(
            "You declared %(weight)s of %(weights)s%(for_days)s.", **words
        )

    def _rule_ownership(self, facts):
        return self.env._(
            "You own %(percent)s %% of the asset%(for_days)s.",
            percent=self._figure(
                Fraction(facts["weight"]) * 100 / Fraction(facts["weights"])
            ),
            for_days=self._for_days(facts),
        )

    def _rule_usage(self, facts):
        words = {
            "used": self._figure(facts["used"]),
            "uses": self._figure(facts["uses"]),
        }
        if facts["measure"] == "hours":
            return self.env._("You used %(used)s of %(uses)s hours.", **words)
        if facts["measure"] == "uses":
            return self.env._("You made %(used)s of %(uses)s bookings.", **words)
        if facts["measure"] == "km":
            return self.env._("You drove %(used)s of %(uses)s km.", **words)
        return self.env._("You used %(used)s of %(uses)s units read.", **words)

    def _rule_two_part(self, facts):
        fixed = Fraction(facts["fixed"])
        first = self._rule_equal(facts) if facts["plain"] else self._rule_parts(facts)
        return self.env._(
            "%(fixed)s %% is fixed: %(first)s %(rest)s %% goes by use: %(second)s",
            fixed=self._figure(fixed),
            first=first,
            rest=self._figure(100 - fixed),
            second=self._rule_usage(facts),
        )

    def _rule_components(self, facts):
        parts = [part for part in facts.get("parts", ()) if Fraction(part["cost"])]
        if not parts:
            return self.env._("You need none of the parts that had costs.")
        return self.env._(
            "You need: %s.", " · ".join(self._words_part(part) for part in parts)
        )

    def _rule_increments(self, facts):
        parts = [part for part in facts.get("parts", ()) if Fraction(part["cost"])]
        if not parts:
            return self.env._("You need no level that had costs.")
        return self.env._(
            "You need level %(level)s: %(parts)s.",
            level=max(part["level"] for part in facts["parts"]),
            parts=" · ".join(self._words_part(part) for part in parts),
        )

    def _words_part(self, part):
        component = self.env["ess.cost.key.component"].browse(part["id"]).exists()
        return self.env._(
            "%(component)s, %(cost)s shared by %(members)s: %(share)s",
            component=component.name or self.env._("a component"),
            cost=self._euros(Fraction(part["cost"])),
            members=part["members"],
            share=self._euros(Fraction(part["share"])),
        )

    def _words_cap(self, facts):
        if "held" not in facts:
            return ""
        held, free = Fraction(facts["held"]), Fraction(facts["uncapped"])
        if held < free:
            return self.env._(
                "That would be %(free)s; you pay no more than the %(held)s that it "
                "would cost you alone.",
                free=self._euros(free),
                held=self._euros(held),
            )
        if held > free:
            return self.env._(
                "%(more)s come on top, because others reached what they would pay "
                "alone.",
                more=self._euros(held - free),
            )
        return ""

    def _words_before(self, facts):
        before = Fraction(facts["before"])
        if self.kind != "correction" and not before:
            return ""
        return self.env._(
            "With the costs that came since, your part of %(costs)s is %(now)s; "
            "%(before)s of it was counted already.",
            costs=self._euros(facts["costs"]),
            now=self._euros(before + Fraction(self.exact)),
            before=self._euros(before),
        )

    def _words_result(self):
        """What it comes to, what was called of it, and what is left to pay."""
        amount = self._amount_cents(self.amount)
        carried = round(amount - Fraction(self.exact))
        words = [self.env._("Your share: %s.", self._euros(amount))]
        if carried:
            words.append(
                self.env._(
                    "%s of it make your shares of the year right to the cent.",
                    self._euros(carried),
                )
            )
        called, due = self._amount_cents(self.called), self._amount_cents(self.due)
        if called:
            words.append(
                self.env._(
                    "Already called: %(called)s; %(due)s to pay.",
                    called=self._euros(called),
                    due=self._euros(due),
                )
                if due >= 0
                else self.env._(
                    "Already called: %(called)s; you get %(due)s back.",
                    called=self._euros(called),
                    due=self._euros(-due),
                )
            )
        return " ".join(words)
