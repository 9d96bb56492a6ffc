from odoo import api, fields, models
from odoo.tools import format_amount

from .round import OFFICE


class RoundSaved(models.Model):
    """What a round saved, and by which assumptions: never a figure without them."""

    _inherit = "ess.round"

    saved_amount = fields.Monetary(
        compute="_compute_saved_amount",
        string="Saved",
        groups=OFFICE,
        help="Goods, untaxed: what they would have cost each member alone, less what "
        "they cost together.",
    )

    @api.depends("share_ids.amount", "commitment_ids.received")
    def _compute_saved_amount(self):
        sums = dict(
            self.env["ess.round.saving"]
            .sudo()
            ._read_group(
                [("round_id", "in", self.ids)], ["round_id"], ["saved_alone:sum"]
            )
        )
        for one in self:
            one.saved_amount = sums.get(one._origin, 0.0)

    def _saving(self, entity):
        """What this round saved a member.

        :return: {paid, alone, first_tier, saved_alone, saved_first, said, assumptions},
            or None while nothing is billed
        """
        self.ensure_one()
        names = ("paid", "alone", "first_tier", "saved_alone", "saved_first")
        [sums] = (
            self.env["ess.round.saving"]
            .sudo()
            ._read_group(
                [("round_id", "=", self.id), ("entity_id", "=", entity.id)],
                [],
                ["__count", *(f"{name}:sum" for name in names)],
            )
        )
        count, *figures = sums
        if not count:
            return None
        return {
            **dict(zip(names, figures, strict=True)),
            "said": self._saving_said(*figures[-2:]),
            "assumptions": self._saving_assumptions(),
        }

    def _saving_said(self, alone, first):
        """What a member reads of it; a round may also have cost more.

        :return: sentences
        """
        less = {
            "alone": self.env._("%s less than your organisation alone would pay."),
            "first": self.env._("%s less than at the first price of each product."),
        }
        more = {
            "alone": self.env._("%s more than your organisation alone would pay."),
            "first": self.env._("%s more than at the first price of each product."),
        }
        said = []
        for key, saved in (("alone", alone), ("first", first)):
            if self.currency_id.is_zero(saved):
                continue
            sentence = less[key] if saved > 0 else more[key]
            said.append(
                sentence % format_amount(self.env, abs(saved), self.currency_id)
            )
        return said or [self.env._("As much as your organisation alone would pay.")]

    def _saving_assumptions(self):
        """:return: sentences"""
        return [
            self.env._(
                "Goods only, without tax; freight and other shared costs are left "
                "aside, because nobody knows what they would have been alone."
            ),
            self.env._(
                "Alone means the price that the supplier asks for the quantity of one "
                "member, as if it sold single pieces without a minimum."
            ),
            self.env._(
                "The first tier is the price of the smallest quantity, at the terms "
                "with which the round opened."
            ),
        ]

    def action_view_savings(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ess_mutualisation.ess_round_saving_action"
            ),
            "domain": [("round_id", "=", self.id)],
            "context": {},
        }
