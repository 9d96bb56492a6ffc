"""What leaves and what comes back: quantities, checks, meters, photos, both sides."""

import base64
from io import BytesIO

from PIL import Image

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_loan import WINDOW, LoanCommon

OUT = "2026-01-12 08:00:00"
LATER = "2026-01-13 08:00:00"
LAST = "2026-01-13 16:00:00"


def photo(colour="red", side=40):
    """A JPEG as a phone sends it, with the place where it was taken."""
    image = Image.new("RGB", (side, side), colour)
    exif = Image.Exif()
    exif[0x010F] = "Phone of Anaïs"
    stream = BytesIO()
    image.save(stream, "JPEG", exif=exif)
    return stream.getvalue()


class InspectionCommon(LoanCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category.write(
            {
                "meter": "km",
                "check_ids": [Command.create({"name": "Tank is full"})],
            }
        )
        trucks = cls.env["ess.asset.category"].create(
            {
                "name": "Trucks",
                "parent_id": cls.category.id,
                "check_ids": [Command.create({"name": "Tail lift works"})],
            }
        )
        cls.van.category_id = trucks

    def _signed(self, *assets, **kwargs):
        return self._sign(self._loan(*assets, **kwargs))

    def _record(self, loan, kind, user, **lines):
        """An inspection recorded by this user; lines by the name of their asset."""
        inspection = loan.with_user(user).action_inspect(kind)
        found = {}
        for line in inspection.line_ids:
            name = line.sudo().asset_id.name.lower()
            if name in lines:
                found[line.id] = lines[name]
        inspection._fill({"lines": found})
        inspection.action_record()
        return inspection.sudo()

    def _out(self, *assets, **kwargs):
        """A loan that left, on the morning of 12 January."""
        loan = self._signed(*assets, **kwargs)
        with self.at(OUT):
            self._record(loan, "hand_over", self.bob)
        return loan

    def _taken(self, asset):
        """[(start, stop, units)] of the asset, buffers included, in their order."""
        rows = self.env["ess.occupancy"].search([("asset_id", "=", asset.id)])
        return sorted((str(r.start), str(r.stop), r.quantity) for r in rows)


@tagged("post_install", "-at_install")
class TestLoanInspection(InspectionCommon):
    # === HAND-OVER === #

    def test_hand_over_is_filled_in_and_agreed_by_both(self):
        loan = self._signed(self.van, self.chairs, quantity=1)
        with self.at(OUT):
            inspection = loan.with_user(self.bob).action_inspect("hand_over")
            van, chairs = inspection.line_ids.sorted(
                lambda li: li.asset_id.name != "Van"
            )
            self.assertEqual(
                van.check_ids.mapped("name"), ["Tank is full", "Tail lift works"]
            )
            self.assertEqual(chairs.check_ids.mapped("name"), ["Tank is full"])
            self.assertEqual([van.quantity, chairs.quantity], [1, 1])
            inspection._fill(
                {
                    "note": "In the yard",
                    "lines": {
                        van.id: {
                            "meter_km": "48 210,5 km",
                            "condition": "worn",
                            "checks": {van.check_ids[0].id: "not_ok"},
                            "photos": [("left.jpg", photo())],
                        }
                    },
                }
            )
            inspection.action_record()
        self.assertEqual(loan.state, "ongoing")
        self.assertEqual(set(loan.booking_ids.mapped("state")), {"ongoing"})
        self.assertEqual(van.meter_km, 48210.5)
        self.assertEqual(van.check_ids[0].result, "not_ok")
        self.assertEqual(inspection.state, "recorded")
        self.assertTrue(inspection.lender_ack_on)
        self.assertFalse(inspection.borrower_ack_on)
        # who recorded it has said so; the other side says it is so
        with self.assertRaisesRegex(UserError, "Radio La Fabrique has said already"):
            inspection.with_user(self.bob).action_acknowledge()
        inspection.with_user(self.anais).action_acknowledge()
        self.assertEqual(inspection.state, "agreed")
        self.assertEqual(inspection.borrower_ack_by_id, self.anais.partner_id)

    def test_hand_over_needs_the_signatures(self):
        loan = self._loan(self.van)
        with self.at(OUT):
            inspection = loan.with_user(self.bob).action_inspect("hand_over")
            with self.assertRaisesRegex(UserError, "has not signed the agreement"):
                inspection.action_record()

    def test_hand_over_is_not_made_days_before(self):
        loan = self._signed(self.van)
        inspection = loan.with_user(self.bob).action_inspect("hand_over")
        with self.assertRaisesRegex(UserError, "starts on 12 Jan 2026 09:00 only"):
            inspection.action_record()

    def test_one_draft_is_shared_by_both_sides(self):
        loan = self._signed(self.van)
        first = loan.with_user(self.bob).action_inspect("hand_over")
        second = loan.with_user(self.anais).action_inspect("hand_over")
        self.assertEqual(first, second)

    def test_fewer_leave_than_were_booked(self):
        loan = self._signed(self.chairs, quantity=20)
        with self.at(OUT):
            self._record(loan, "hand_over", self.bob, chairs={"quantity": "15"})
            self.assertEqual(self._taken(self.chairs)[-1][2], 15)
        booking = loan.booking_ids
        self.assertEqual(booking._out_quantity(), 15)
        with self.at(LATER):
            self._record(loan, "return", self.bob)
        self.assertEqual(loan.state, "done")

    def test_what_did_not_leave_may_leave_later(self):
        loan = self._signed(self.van, self.chairs)
        with self.at(OUT):
            self._record(loan, "hand_over", self.bob, van={"quantity": 0})
            self.assertEqual(loan.state, "ongoing")
            again = loan.with_user(self.bob).action_inspect("hand_over")
            self.assertEqual(again.line_ids.asset_id, self.van)
            again.action_record()
        self.assertEqual(set(loan.booking_ids.mapped("state")), {"ongoing"})

    # === REFUSALS === #

    def test_items_of_another_loan_are_not_on_the_list(self):
        loan = self._signed(self.van)
        other = self._loan(self.chairs, entity=self.semeurs)
        desk = self._internal("desk", "ess_mutualisation.group_facilitator")
        inspection = loan.with_user(desk).action_inspect("hand_over")
        with self.assertRaisesRegex(ValidationError, "is not part of"):
            inspection.line_ids = [
                Command.create({"booking_id": other.booking_ids.id, "quantity": 1})
            ]

    def test_quantities_that_cannot_be(self):
        loan = self._signed(self.chairs, quantity=20)
        inspection = loan.with_user(self.bob).action_inspect("hand_over")
        line = inspection.line_ids
        for found, sentence in (
            ({"quantity": 21}, "21 leave, but only 20 are booked"),
            ({"quantity": "many"}, "“many” is not a whole number"),
            ({"quantity": "²"}, "is not a whole number"),
            ({"quantity": 20, "damaged_quantity": 21}, "21 are damaged"),
            ({"lost_quantity": 1}, "nothing is lost at a hand-over"),
            ({"meter_km": "nan"}, "“nan” is not a reading"),
            ({"meter_km": "-4"}, "“-4” is not a reading"),
            ({"condition": "superb"}, "choose its condition from the list"),
        ):
            with self.assertRaisesRegex(ValidationError, sentence), self.cr.savepoint():
                inspection._fill({"lines": {line.id: found}})

    def test_photos_are_looked_at_and_hold_no_place(self):
        loan = self._signed(self.van)
        inspection = loan.with_user(self.bob).action_inspect("hand_over")
        line = inspection.line_ids
        for files, sentence in (
            ([("a.svg", b"<svg/>")], "a.svg is not a photo"),
            ([("b.jpg", photo()[:50])], "b.jpg is not a photo"),
            ([("c.jpg", b"0" * (10 * 1024 * 1024 + 1))], "c.jpg weighs 10 MB"),
            ([(f"{n}.jpg", photo()) for n in range(13)], "12 at most are kept"),
        ):
            with self.assertRaisesRegex(ValidationError, sentence), self.cr.savepoint():
                inspection._fill({"lines": {line.id: {"photos": files}}})
        inspection._fill({"lines": {line.id: {"photos": [("d.jpg", photo())]}}})
        kept = line.sudo().photo_ids
        self.assertEqual(kept.taken_by_id, self.bob.partner_id)
        with Image.open(BytesIO(base64.b64decode(kept.image_1920))) as image:
            self.assertEqual(dict(image.getexif()), {})

    def test_meter_does_not_run_backwards(self):
        loan = self._signed(self.van)
        with self.at(OUT):
            self._record(loan, "hand_over", self.bob, van={"meter_km": 1000})
        with self.at(LATER):
            with self.assertRaisesRegex(ValidationError, "990 is less than 1000"):
                self._record(loan, "return", self.bob, van={"meter_km": 990})
            self.assertEqual(loan.booking_ids.state, "ongoing")
            self._record(loan, "return", self.bob, van={"meter_km": 1042.5})
        self.assertEqual(loan.booking_ids.distance_km, 42.5)
        # read again at the next hand-over
        after = self._signed(self.van, window=("2026-01-20 09:00", "2026-01-21 09:00"))
        line = after.with_user(self.bob).action_inspect("hand_over").line_ids
        self.assertEqual([line.meter_km, line.last_km], [1042.5, 1042.5])

    def test_meter_of_an_old_van(self):
        """All its digits are said: the difference is in the last one."""
        loan = self._signed(self.van)
        with self.at(OUT):
            self._record(loan, "hand_over", self.bob, van={"meter_km": 123456.7})
        with self.at(LATER):
            sentence = "123456.5 is less than 123456.7"
            with self.assertRaisesRegex(ValidationError, sentence):
                self._record(loan, "return", self.bob, van={"meter_km": 123456.5})

    # === BOTH SIDES === #

    def test_other_side_contests(self):
        loan = self._out(self.van)
        inspection = loan.inspection_ids.with_user(self.anais)
        with self.assertRaisesRegex(UserError, "What is wrong"):
            inspection.action_contest(" ")
        inspection.action_contest("The tank was empty")
        self.assertEqual(inspection.contested, "The tank was empty")
        self.assertEqual(inspection.sudo().contested_by_id, self.anais.partner_id)
        self.assertEqual(inspection.state, "recorded")

    def test_federation_answers_for_a_side_and_says_so(self):
        loan = self._out(self.van)
        desk = self._internal("desk", "ess_mutualisation.group_facilitator")
        inspection = loan.inspection_ids.with_user(desk)
        with self.assertRaisesRegex(UserError, "choose for which of them"):
            inspection.action_acknowledge()
        inspection.action_acknowledge("borrower")
        self.assertEqual(inspection.state, "agreed")
        self.assertIn("answered for Jardin Le Phare", inspection.message_ids[0].body)

    def test_recorded_does_not_change_any_more(self):
        loan = self._out(self.van)
        desk = self._internal("desk", "ess_mutualisation.group_facilitator")
        inspection = loan.inspection_ids.with_user(desk)
        line = inspection.line_ids
        with self.assertRaisesRegex(UserError, "does not change any more"):
            inspection._fill({"lines": {line.id: {"quantity": 0}}})
        with self.assertRaisesRegex(UserError, "does not change any more"):
            line.quantity = 0
        with self.assertRaisesRegex(UserError, "does not change any more"):
            line.check_ids[0].result = "ok"
        with self.assertRaisesRegex(UserError, "does not change any more"):
            inspection.unlink()
        with self.assertRaisesRegex(UserError, "record it"):
            inspection.state = "draft"

    def test_a_third_member_sees_and_does_nothing(self):
        loan = self._out(self.van)
        inspection = loan.inspection_ids.with_user(self.third)
        for act, args in (
            ("action_record", ()),
            ("action_acknowledge", ()),
            ("action_contest", ("No",)),
            ("_fill", ({},)),
        ):
            with self.assertRaises(AccessError, msg=act):
                getattr(inspection, act)(*args)
        with self.assertRaises(AccessError):
            loan.with_user(self.third).action_inspect("return")
        with self.assertRaises(AccessError):
            inspection.read(["note"])
        self.assertFalse(self.env["ess.loan.photo"].with_user(self.third).search([]))

    def test_custodian_hands_over_for_the_owner(self):
        self.van.custodian_id = self.semeurs
        loan = self._signed(self.van)
        with self.at(OUT):
            inspection = self._record(loan, "hand_over", self.third)
        self.assertTrue(inspection.lender_ack_on)
        self.assertEqual(loan.state, "ongoing")

    # === CODES AND SCANNING === #

    def test_short_code_finds_the_loan(self):
        loan = self._loan(self.van)
        other = self._loan(self.chairs, entity=self.semeurs)
        self.assertRegex(loan.short_code, "^[2-9A-HJKMNP-Z]{6}$")
        self.assertNotEqual(loan.short_code, other.short_code)
        loans = self.env["ess.loan"]
        typed = f" {loan.short_code[:3].lower()}-{loan.short_code[3:].lower()} "
        self.assertEqual(loans._by_code(typed), loan)
        for wrong in ("", None, "ABC", loan.short_code + "2", "’;--’’"):
            self.assertFalse(loans._by_code(wrong))

    def test_scan_of_what_is_promised_to_somebody_else_is_refused(self):
        self.van.code = "VAN-1"
        spare = self._asset("Spare van", code="VAN-2")
        loan = self._signed(self.van)
        line = loan.with_user(self.anais)._scan(" van-1 ")
        self.assertEqual(line.asset_id, self.van)
        url = f"https://example.org/commons/{self.van.id}?from=label"
        self.assertEqual(loan.with_user(self.bob)._scan(url), line)
        self.assertEqual(
            loan.with_user(self.anais)._scan("VAN-2"),
            f"Spare van is not part of {loan.name}: book it first.",
        )
        self._booking(spare, *WINDOW, entity=self.semeurs).action_request()
        told = loan.with_user(self.anais)._scan("VAN-2")
        self.assertIn("Spare van is reserved for another organisation", told)
        self.assertNotIn("Semeurs", told)
        self.assertIn(
            "reserved for Labo Les Semeurs", loan.with_user(self.bob)._scan("VAN-2")
        )
        self.assertIn("is no code", loan.with_user(self.anais)._scan("XYZ"))
        with self.assertRaises(AccessError):
            loan.with_user(self.third)._scan("VAN-1")

    # === PAPER === #

    def test_sheet_says_what_to_write_down(self):
        loan = self._signed(self.van)
        with self.at(OUT):
            self._record(loan, "hand_over", self.bob, van={"meter_km": 1000})
        reports = self.env["ir.actions.report"]
        name = "ess_mutualisation.report_loan_sheet"
        page = reports._render_qweb_html(name, loan.ids)[0].decode()
        code = loan.short_code
        for text in (
            loan.name,
            f"{code[:3]} {code[3:]}",
            f"/l/{code}",
            "Radio La Fabrique",
            "Jardin Le Phare",
            "Tail lift works",
            "Meter (km)",
            "1,000.0",
            "data:image/png;base64,",
        ):
            self.assertIn(text, page)
        reports = reports.with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf(name, loan.ids)
        self.assertEqual([kind, content[:4]], ["pdf", b"%PDF"])

    # === MAILS === #

    def test_the_other_side_is_told(self):
        loan = self._signed(self.van)
        templates = self.env.ref("ess_mutualisation.mail_template_loan_hand_over")
        self.assertTrue(templates)
        before = self.env["mail.mail"].search([])
        with self.at(OUT):
            self._record(loan, "hand_over", self.bob)
        mails = self.env["mail.mail"].search([]) - before
        self.assertEqual(mails.recipient_ids, self.anais.partner_id)
        self.assertIn(loan.name, mails.subject)
        self.assertIn("say whether it is right", mails.body_html)
        with self.at(LATER):
            inspection = loan.inspection_ids.with_user(self.anais)
            inspection.action_contest("Tank is empty")
        mails = self.env["mail.mail"].search([]) - before - mails
        self.assertEqual(mails.recipient_ids, self.bob.partner_id)
        self.assertIn("Tank is empty", mails.body_html)
