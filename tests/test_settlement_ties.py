from random import Random

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_settlement import SettlementCommon

MONTHS = (("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"))


@tagged("post_install", "-at_install")
class TestSettlementTies(SettlementCommon):
    """Two months of a busy federation: every figure is found again in the books.

    Nine members, odd amounts, three taxes, one of them in the price, free uses, and in
    February corrections of January: credit notes and refunds.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.ess_clearing_account_id = cls.clearing_account
        included = cls._tax("10 in", 10, price_include_override="tax_included")
        cls.wifi = cls._product("Wifi", included)
        cls.members = cls.fabrique | cls.phare | cls.semeurs
        for number in range(6):
            cls.members |= cls._member(f"Member {number}")
        cls.dice = Random(20260131)
        january = cls.env["ess.exchange"].concat(
            *(cls._draw("2026-01-15") for _number in range(60))
        )
        cls.exchanges = january
        cls.months = []
        for mode, (date_from, date_to) in zip(
            ("clearing", "statement"), MONTHS, strict=True
        ):
            cls.months.append(
                cls._settled(date_from=date_from, date_to=date_to, mode=mode)
            )
            if mode == "clearing":
                cls.exchanges |= january[::2]._make_counter("Read twice")
                for _number in range(9):
                    cls.exchanges |= cls._draw("2026-02-01")

    @classmethod
    def _draw(cls, day):
        """An exchange between any two, at any price, every sixth for free."""
        parties = [*cls.members, cls.federation, cls.federation, cls.federation]
        provider = cls.dice.choice(parties)
        receiver = cls.dice.choice([p for p in parties if p != provider])
        value = cls.dice.randrange(1, 30000) / 100
        return cls._exchange(
            provider,
            receiver,
            cls.dice.choice((0, *[value] * 5)),
            day,
            value=value,
            quantity=cls.dice.choice((0.5, 1, 3)),
            product_id=cls.dice.choice((cls.hire, cls.meals, cls.wifi)).id,
        )

    def _untaxed(self, moves):
        """Σ of what they say, credit notes and refunds negative."""
        return sum(
            (-1 if "refund" in move.move_type else 1)
            * self.months[0]._to_cents(move.amount_untaxed)
            for move in moves
        )

    def _cents(self, records, name):
        return sum(self.months[0]._to_cents(record[name]) for record in records)

    def test_documents_are_the_exchanges(self):
        kinds = set()
        for month in self.months:
            items, moves = month.item_ids, month.move_ids
            for kind, documents in (
                ("invoice", moves.filtered(lambda m: m.is_sale_document())),
                ("bill", moves.filtered(lambda m: m.is_purchase_document())),
            ):
                taken = items.filtered(lambda i, kind=kind: i.kind == kind)
                self.assertEqual(
                    self._untaxed(documents), self._cents(taken, "amount"), kind
                )
            kinds |= set(moves.mapped("move_type"))
            for line in moves.filtered(lambda m: m.is_invoice()).invoice_line_ids:
                items = line.ess_settlement_item_ids
                self.assertEqual(
                    abs(self._cents(items, "amount")),
                    abs(self._cents(line, "price_subtotal")),
                )
        self.assertEqual(
            kinds, {"out_invoice", "out_refund", "in_invoice", "in_refund", "entry"}
        )
        self.assertEqual(set(self.exchanges.mapped("state")), {"settled"})
        with self.assertRaisesRegex(UserError, "Nothing to settle"):
            self._settlement(*MONTHS[1]).action_prepare()

    def test_positions_add_up(self):
        for month in self.months:
            lines = month.line_ids
            for name in (
                "net",
                "balance",
                "tax_amount",
                "invoice_amount",
                "bill_amount",
                "between_amount",
            ):
                self.assertEqual(self._cents(lines, name), 0, name)
            self.assertEqual(
                self._cents(lines, "gave_value"), self._cents(lines, "received_value")
            )
            for line in lines:
                parts = line.between_amount + line.bill_amount - line.invoice_amount
                self.assertAlmostEqual(line.net, parts, 2)
                if not line.is_federation:
                    # what is due on paper, and what members owe each other
                    due = sum(line.move_ids.mapped("amount_total_signed"))
                    self.assertAlmostEqual(
                        line.balance, line.between_amount - due, 2, line.entity_id.name
                    )

    def test_transfers_bring_everybody_to_zero(self):
        for month in self.months:
            left = {line.entity_id: line.balance for line in month.line_ids}
            for transfer in month.transfer_ids:
                left[transfer.debtor_id] += transfer.amount
                left[transfer.creditor_id] -= transfer.amount
            for entity, amount in left.items():
                self.assertAlmostEqual(amount, 0, 2, entity.name)
            self.assertLess(len(month.transfer_ids), len(month.line_ids))

    def test_trial_balance(self):
        """Debit = credit; the clearing account says who owes what to whom."""
        posted = self.env["account.move.line"].search(
            [
                ("move_id.ess_settlement_id", "in", [m.id for m in self.months]),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertEqual(self._cents(posted, "debit"), self._cents(posted, "credit"))
        cleared = posted.filtered(lambda li: li.account_id == self.clearing_account)
        self.assertEqual(self._cents(cleared, "balance"), 0)
        for line in self.months[0].line_ids:
            own = cleared.filtered(lambda li, of=line: li.partner_id == of.entity_id)
            self.assertEqual(
                self._cents(own, "balance"), -self._cents(line, "between_amount")
            )

    def test_taxes_were_estimated_as_they_are_invoiced(self):
        month = self.months[1]
        taxes = {line.entity_id: line.tax_amount for line in month.line_ids}
        month._reverse("Only to look at it again")
        anew = self._settlement(*MONTHS[1], mode="statement")
        anew.action_prepare()
        self.assertEqual(
            {line.entity_id: line.tax_amount for line in anew.line_ids}, taxes
        )
        anew.action_post()
        self.assertEqual(
            {line.entity_id: line.tax_amount for line in anew.line_ids}, taxes
        )

    def test_counter_of_both_months_leaves_nothing(self):
        """All is corrected: what was ever invoiced to each member is 0.00."""
        uncorrected = self.exchanges.filtered(
            lambda e: not e.counter_of_id and not e.counter_ids
        )
        uncorrected._make_counter("Start afresh")
        last = self._settled(date_from="2026-03-01", date_to="2026-03-31")
        months = [*self.months, last]
        for member in self.members:
            moves = self.env["account.move"].search(
                [
                    ("ess_settlement_id", "in", [m.id for m in months]),
                    ("partner_id", "=", member.id),
                    ("move_type", "in", ("out_invoice", "out_refund")),
                ]
            )
            self.assertEqual(self._untaxed(moves), 0, member.name)
