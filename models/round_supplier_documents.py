import csv
import io

from odoo import fields, models
from odoo.exceptions import AccessError

MOST = 4
# A cell that begins so would be computed by a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class RoundSupplierDocuments(models.Model):
    """What the supplier gets: a file it can read, or an order of each member."""

    _inherit = "ess.round.supplier"

    def _ordered_offers(self):
        return self.offer_ids.filtered("ordered").sorted(lambda o: (o.name, o.id))

    # === FILE === #

    def action_export_csv(self):
        """Download what is ordered as a file for the supplier."""
        self.ensure_one()
        self.round_id._require("facilitator")
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._csv_name(),
                "raw": self._csv(),
                "mimetype": "text/csv",
                # of the supplier: members may read the round
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _csv_name(self):
        one = self.sudo()
        name = f"{one.round_id.reference} {one.partner_id.name}"
        return "".join(c if c.isalnum() else "_" for c in name) + ".csv"

    def _csv(self):
        """:return: bytes; no prices of others, no names of members"""
        own = self.sudo()
        lang = own.partner_id.lang or self.env.lang
        own = own.with_context(lang=lang)
        point = own.env["res.lang"]._get_data(code=lang).decimal_point or "."
        stream = io.StringIO()
        table = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        table.writerow(
            [
                own.env._("Code"),
                own.env._("Product"),
                own.env._("Quantity"),
                own.env._("Unit"),
                own.env._("Unit Price"),
                own.env._("Amount"),
            ]
        )
        offers = own._ordered_offers()
        digits = own._price_digits(offers)
        for offer in offers:
            uom = offer._order_uom()
            quantity = offer._to_uom(offer.ordered, uom)
            price = float(offer._price_in(uom))
            amount = own.round_id._from_cents(
                round(offer._cents_per_step() * offer.ordered)
            )
            table.writerow(
                [
                    self._cell(offer.code or ""),
                    self._cell(offer.name),
                    f"{quantity:.4f}".rstrip("0").rstrip(".").replace(".", point),
                    self._cell(uom.name),
                    f"{price:.{digits}f}".replace(".", point),
                    f"{amount:.2f}".replace(".", point),
                ]
            )
        # spreadsheets recognise UTF-8 by its mark
        return stream.getvalue().encode("utf-8-sig")

    def _price_digits(self, offers):
        """:return: decimals that all these prices are written with: those of money,
        more where one needs them"""
        least = self.currency_id.decimal_places
        prices = [round(float(o._price_in(o._order_uom())), MOST) for o in offers]
        return next(
            digits
            for digits in range(least, MOST + 1)
            if digits == MOST or all(round(p, digits) == p for p in prices)
        )

    @staticmethod
    def _cell(text):
        return f"'{text}" if text.startswith(FORMULA) else text

    # === ORDERS OF MEMBERS === #

    def _member_orders(self, entity=None):
        """Where members order themselves: what each sends to this supplier.

        A member gets its own, also when it has left the circle since; the federation
        all of them.

        :return: [{member, contact, date, lines: [{code, name, quantity, …}], total,
            taxes: [{name, amount}], total_taxed}]
        """
        self.ensure_one()
        one = self.sudo()
        own = self.env.user._ess_entity()
        roles = one.round_id.sudo(self.env.su)._roles()
        if not roles & {"member", "buyer", "facilitator"}:
            raise AccessError(self.env._("This round is not of your circles."))
        if "facilitator" not in roles:
            entity = own
        pages = []
        commitments = one.offer_ids.commitment_ids.filtered("allotted")
        if entity:
            commitments = commitments.filtered(lambda c: c.entity_id == entity)
        by_member = commitments.grouped("entity_id")
        for member in sorted(by_member, key=lambda m: (m.name or "", m.id)):
            lines = by_member[member].sorted(lambda c: (c.offer_id.name, c.id))
            rows = [line._order_row() for line in lines]
            cents = sum(row["cents"] for row in rows)
            taxes = one._taxes_of(lines, rows)
            taxed = cents + sum(tax["cents"] for tax in taxes)
            last = lines.filtered("contact_id").sorted("committed_on")[-1:]
            pages.append(
                {
                    "member": member,
                    "contact": last.contact_id or member,
                    "date": one._ordered_on(),
                    "lines": rows,
                    "total": one.round_id._from_cents(cents),
                    "taxes": taxes,
                    "total_taxed": one.round_id._from_cents(taxed),
                }
            )
        return pages

    def _ordered_on(self):
        """:return: the day on which it was decided, where the round is"""
        one = self.round_id
        moment = one.frozen_on or fields.Datetime.now()
        return fields.Datetime.context_timestamp(one.with_context(tz=one.tz), moment)

    def _taxes_of(self, lines, rows):
        """What the taxes of an order come to, each rounded once, as on a bill.

        :return: [{name, amount, cents}]
        """
        one = self.round_id
        bases = {}
        for line, row in zip(lines, rows, strict=True):
            taxes = line.offer_id.tax_ids
            bases[taxes] = bases.get(taxes, 0) + row["cents"]
        sums = {}
        for taxes, cents in bases.items():
            found = taxes.compute_all(
                one._from_cents(cents),
                currency=self.currency_id,
                partner=self.partner_id,
                handle_price_include=False,
            )
            for tax in found["taxes"]:
                name = taxes.browse(tax["id"])
                name = name.invoice_label or name.name
                sums[name] = sums.get(name, 0) + one._cents(tax["amount"])
        return [
            {"name": name, "amount": one._from_cents(cents), "cents": cents}
            for name, cents in sums.items()
        ]

    def _orders_file_name(self):
        return self._csv_name().removesuffix(".csv")
