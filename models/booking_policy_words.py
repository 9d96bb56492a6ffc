from odoo import models


class BookingPolicyWords(models.Model):
    """The rules of a policy in plain words, for the page of an asset."""

    _inherit = "ess.booking.policy"

    def _in_words(self, approval="auto"):
        """Sentences that say all the rules; `self` may be empty (no policy).

        :param approval: the asset's own choice
        :rtype: list[str]
        """
        words = [self._say_approval(approval)]
        if self:
            rules = self._rules()
            words += self._say_times(rules) + self._say_limits(rules)
        return words

    def _say_approval(self, approval):
        return {
            "auto": self.env._("Your booking is confirmed at once."),
            "owner": self.env._("The owner answers your request."),
            "federation": self.env._("The federation answers your request."),
        }[approval]

    def _say_times(self, rules):
        words = [
            {
                "hour": self.env._("Booked by the hour."),
                "half_day": self.env._("Booked by the half-day (midnight or noon)."),
                "day": self.env._("Booked by whole days."),
            }[rules.granularity]
        ]
        opening = {
            "inside": self.env._("Only during opening hours."),
            "ends": self.env._(
                "Pick-up and return during opening hours; you keep it in between."
            ),
            "free": None,
        }[rules.opening_rule]
        return words + ([opening] if opening else [])

    def _say_limits(self, rules):
        minutes = self.env["ess.asset"]._say_minutes
        limits = [
            (rules.min_minutes, self.env._("For at least %s.")),
            (rules.max_minutes, self.env._("For at most %s.")),
            (rules.lead_minutes, self.env._("To be asked for %s ahead.")),
            (
                rules.cancel_minutes,
                self.env._("To be cancelled %s before at the latest."),
            ),
        ]
        words = [text % minutes(length) for length, text in limits if length]
        if rules.horizon_days:
            words.append(self.env._("Up to %s days ahead.", rules.horizon_days))
        if rules.quota_minutes:
            period = dict(
                self._fields["quota_period"]._description_selection(self.env)
            )[rules.quota_period].lower()
            words.append(
                self.env._(
                    "%(length)s per %(period)s and organisation.",
                    length=minutes(rules.quota_minutes),
                    period=period,
                )
            )
        if rules.quota_simultaneous:
            words.append(
                self.env._(
                    "%s bookings at once per organisation.", rules.quota_simultaneous
                )
            )
        return words
