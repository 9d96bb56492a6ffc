from odoo import api, fields, models
from odoo.tools import format_amount, formatLang

FIGURES = ("gave", "received", "quantity", "value", "saving")


class ResPartnerReciprocity(models.Model):
    """What a member gave and received, each unit by itself."""

    _inherit = "res.partner"

    ess_reciprocity = fields.Char(
        string="Reciprocity",
        compute="_compute_ess_reciprocity",
        groups="ess_mutualisation.group_facilitator,ess_mutualisation.group_accountant",
        help="Gave − received, each unit by itself.",
    )

    @api.depends_context("companies", "lang")
    def _compute_ess_reciprocity(self):
        balances = self._ess_reciprocity()
        for partner in self:
            partner.ess_reciprocity = " · ".join(
                partner._ess_balance_in_words(one)
                for one in balances.get(partner._origin, ())
            )

    def _ess_balance_in_words(self, balance):
        """'+12 Hours', '−45.00 €'."""
        sign = {True: "+", False: "−"}[balance["balance"] >= 0]
        figure = abs(balance["balance"])
        if balance["kind"] == "money":
            currency = balance["currency"]
            return f"{sign}{format_amount(self.env, figure, currency)}"
        digits = 0 if figure == int(figure) else 2
        return f"{sign}{formatLang(self.env, figure, digits=digits)} {balance['unit']}"

    def _ess_reciprocity(self):
        """What these organisations gave and received, in two queries for all.

        Reads for everybody that the caller may see: ask for its own members only.

        :return: {partner: [{'kind': 'hour'|'day'|'use'|'other'|'money', 'unit': its
            name for the reader, 'gave', 'received', 'balance' (gave − received, in this
            unit), 'value' (the balance as reference value), 'saving' (of what it
            received), 'currency'}…]}, one dict per unit, hours first, money last;
            amounts in several currencies are not added up: 0
        :rtype: dict
        """
        members = self._origin
        report = self.env["ess.reciprocity"].sudo()
        ranks = list(dict(report._fields["kind"].selection))
        rows = report._read_group(
            [
                ("entity_id", "in", members.ids),
                ("company_id", "in", self.env.companies.ids),
            ],
            ["entity_id", "kind", "unit"],
            [*(f"{name}:sum" for name in FIGURES), "currency_id:recordset"],
        )
        found = {member: [] for member in members}
        for entity, kind, unit, *figures, currencies in sorted(
            rows, key=lambda row: (ranks.index(row[1]), row[2])
        ):
            gave, received, balance, value, saving = (one or 0.0 for one in figures)
            found[self.browse(entity.id)].append(
                {
                    "kind": kind,
                    "unit": unit,
                    "gave": gave,
                    "received": received,
                    "balance": balance,
                    "value": value,
                    "saving": saving,
                    "currency": currencies[:1].sudo(False),
                }
            )
        return found

    def action_ess_reciprocity(self):
        self.ensure_one()
        return self._ess_action_of(
            "ess_mutualisation.ess_reciprocity_action", [("entity_id", "=", self.id)]
        )
