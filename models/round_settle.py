from fractions import Fraction

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ..tools.round_bill import Residue, Share, percent_of, settle
from .round import OFFICE
from .round_remind import SETTLE

CHARGED = ("goods", "cost", "commission")


class RoundSettle(models.Model):
    """From real bills to what each member owes; it can be repeated at any time."""

    _inherit = "ess.round"

    rounding = fields.Selection(
        [
            ("exact", "To the last cent"),
            ("uniform", "One price for all"),
        ],
        required=True,
        default="exact",
        help="To the last cent: members pay exactly what was billed, equals may differ "
        "by a cent. One price for all: what that leaves is shown as residue.",
    )
    settled_on = fields.Datetime(readonly=True, copy=False)
    billed_amount = fields.Monetary(
        compute="_compute_balance",
        string="Billed",
        groups=OFFICE,
        help="Goods and shared costs.",
    )
    member_amount = fields.Monetary(
        compute="_compute_balance", string="By Members", groups=OFFICE
    )
    residue_amount = fields.Monetary(
        compute="_compute_balance", string="Residue", groups=OFFICE
    )
    commission_amount = fields.Monetary(
        compute="_compute_balance", string="Commissions", groups=OFFICE
    )
    missing_facts = fields.Text(compute="_compute_missing_facts", groups=OFFICE)

    @api.depends("share_ids.amount", "share_ids.tax_amount", "share_ids.kind")
    def _compute_balance(self):
        """The zero-sum screen: what was billed is what members bear and the residue."""
        for one in self:
            sums = dict.fromkeys(("goods", "cost", "commission", "residue"), 0)
            for share in one.share_ids:
                sums[share.kind] += one._cents(share.amount)
                sums[share.kind] += one._cents(share.tax_amount)
            members = sums["goods"] + sums["cost"]
            one.member_amount = one._from_cents(members)
            one.residue_amount = one._from_cents(sums["residue"])
            one.commission_amount = one._from_cents(sums["commission"])
            one.billed_amount = one._from_cents(members + sums["residue"])

    @api.depends("state")
    def _compute_missing_facts(self):
        for one in self:
            closed = one.state in ("ordered", "received", "done")
            facts = one._missing_facts() + one._remarks() if closed else []
            one.missing_facts = "\n".join(facts)

    # === ACTIONS === #

    def action_settle(self):
        """Charge the members with what is known by now and was not charged yet.

        :return: the new exchanges
        """
        self._check_may_settle()
        for one in self.sudo():
            one._touch()
            one._require_state("ordered", "received", "done")
            one._settle()
        return self._action_exchanges()

    def action_take_bill_lines(self):
        """Make a shared cost of each line of the bills that is neither goods nor a
        shared cost yet: freight of a supplier, of its goods alone, by value. Where
        just one was foreseen for just one line, it is that freight."""
        self._check_may_settle()
        for one in self.sudo():
            one._touch()
            one._require_state("ordered", "received", "done")
            lines = one._bill_lines()[2].filtered(
                lambda line: line.display_type == "product"
            )
            by_suppliers = lines.grouped(one._suppliers_of_line)
            one.env["ess.round.cost"].create(
                [
                    one._cost_of_line(line, suppliers)
                    for suppliers, lines in by_suppliers.items()
                    if not one._link_foreseen(suppliers, lines)
                    for line in lines
                ]
            )

    def _link_foreseen(self, suppliers, lines):
        """:return: whether the line was what a foreseen freight has waited for"""
        waiting = self.cost_ids._waiting_freight(suppliers)
        if len(waiting) != 1 or len(lines) != 1:
            return False
        waiting.move_line_id = lines
        return True

    def _suppliers_of_line(self, line):
        partner = line.move_id.commercial_partner_id
        return self.supplier_ids.filtered(
            lambda s: s.partner_id.commercial_partner_id == partner
        )

    def _cost_of_line(self, line, suppliers):
        return {
            "round_id": self.id,
            "name": line.name or line.product_id.display_name or line.move_id.name,
            "kind": "freight",
            "basis": "value",
            "supplier_ids": [Command.set(suppliers.ids)],
            "move_line_id": line.id,
        }

    def _check_may_settle(self):
        accountant = self.env.user.has_group("ess_mutualisation.group_accountant")
        if not (accountant or all("facilitator" in one._roles() for one in self)):
            raise AccessError(
                self.env._("Only the coordinator or the accountant settles a round.")
            )
        self.check_access("read")

    def action_view_exchanges(self):
        self.ensure_one()
        return self._action_exchanges()

    def _action_exchanges(self):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "ess_mutualisation.ess_exchange_action"
            ),
            "domain": [("round_share_id.round_id", "in", self.ids)],
            "context": {},
        }

    # === WHAT IS DUE === #

    def _settle(self):
        due = self._due()
        shares = self._write_shares(due)
        exchanges = shares._exchange_changes()
        vals = {"settled_on": fields.Datetime.now()}
        if not self._missing_facts():
            vals["state"] = "done"
        self.write(vals)
        self.activity_unlink([SETTLE])
        return exchanges

    def _due(self):
        """:return: {(kind, offer or cost id, member id or False): Share or Residue}"""
        of_offers, of_costs, neither = self._bill_lines()
        agent = self.legal_mode == "agent"
        goods = self.offer_ids.filtered("ordered")._bill_facts(self._billed(of_offers))
        costs = self.cost_ids.filtered("is_known")
        taxes = self._line_taxes(of_costs) if agent else {}
        facts = []
        for cost, fact in zip(costs, costs._bill_facts(taxes), strict=True):
            if fact.amount or fact.tax or fact.basis == "count":
                cost._check_can_be_shared(fact, goods)
                facts.append(fact)
        settled = settle(goods, facts, self.rounding)
        due = {(*where, False): part for where, part in settled.residues.items()}
        due.update(settled.shares)
        lost = sum(self._cents(line.balance) for line in neither)
        lost_taxes = self._line_taxes(neither) if agent else {}
        lost_tax = sum(lost_taxes.get(line, 0) for line in neither)
        if lost or lost_tax:
            due["neither", 0, False] = Residue(lost, lost_tax, Fraction(lost))
        due.update(self._commissions(goods))
        return due

    def _commissions(self, goods):
        percent = Fraction(repr(self.commission_percent or 0.0))
        values = {}
        estimated = self.legal_mode == "referencing"  # what is ordered is all there is
        for one in goods if percent else ():
            if one.billed is None and not estimated:
                continue
            for member in one.got:
                values[member] = values.get(member, 0) + one.value(member)
        return {
            ("commission", 0, member): Share(
                0, percent_of(value, percent), 0, value * percent / 100
            )
            for member, value in values.items()
        }

    # === SHARES === #

    def _write_shares(self, due):
        """Rows as they are due now; one that is due no longer is 0, its exchanges say
        what was charged.

        :return: the shares of members
        """
        shares = {share._key(): share for share in self.share_ids}
        new = []
        for key in due.keys() | shares.keys():
            vals = self._share_vals(key, due.get(key), shares.get(key))
            if key not in shares:
                new.append({**vals, **self._share_place(key)})
                continue
            share = shares[key]
            if any(share[name] != value for name, value in vals.items()):
                share.write(vals)
        new.sort(key=lambda v: (v["entity_id"] or 0, v["kind"], v["offer_id"] or 0))
        self.env["ess.round.share"].create(new)
        return self.share_ids.filtered(lambda share: share.kind in CHARGED)

    def _share_place(self, key):
        kind, origin, member = key
        return {
            "round_id": self.id,
            "entity_id": member,
            "kind": kind if member else "residue",
            "offer_id": origin if kind == "goods" else False,
            "cost_id": origin if kind == "cost" else False,
        }

    def _share_vals(self, key, part, share):
        kind, origin, member = key
        if part is None:
            part = Residue(0, 0, Fraction(0))
        quantity = getattr(part, "quantity", 0)
        amount = self._from_cents(part.cents)
        value = amount
        if kind == "goods" and member:
            offer = self.env["ess.round.offer"].browse(origin)
            value = self._from_cents(percent_of(offer._alone_cents(quantity), 100))
        return {
            "quantity": quantity,
            "amount": amount,
            "tax_amount": self._from_cents(part.tax),
            "value": value + (self._from_cents(part.tax) if member else 0),
            "exact": str(part.exact),
        }

    def _check_no_tax(self, product):
        """Base and tax of the supplier are passed on: tax on tax would be charged."""
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        if any(taxes.flatten_taxes_hierarchy().mapped("amount")):
            raise UserError(
                self.env._(
                    "%(field)s: %(product)s has taxes of its own (%(taxes)s), but the "
                    "tax of the supplier is passed on already. Give it one of 0 %%.",
                    field=self._fields["disbursement_product_id"]._description_string(
                        self.env
                    ),
                    product=product.display_name,
                    taxes=", ".join(taxes.mapped("name")),
                )
            )

    def _require_named(self, name):
        """:return: the product of this field of the round"""
        label = self._fields[name]._description_string(self.env)
        return self._require_product(self[name], label)

    def _require_product(self, product, label):
        if product:
            return product
        raise UserError(
            self.env._(
                "%(field)s: choose the product that the members of %(round)s are "
                "invoiced for; it gives the account and the taxes.",
                field=label,
                round=self.name,
            )
        )
