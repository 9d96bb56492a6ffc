"""What is sent to the routes of a round by those who mean no good, or by a script."""

import json

from odoo.tests import tagged

from .test_portal_rounds import RoundPortalCase

SECRET = "Labo Les Semeurs"
NUMBERS = (
    "nan",
    "-nan",
    "inf",
    "1e400",
    "-1",
    "0x10",
    "1e-9",
    "1000001",
    "9" * 5000,
    "=1+1",
    "<script>alert(1)</script>",
)


@tagged("post_install", "-at_install")
class TestRoundAttackHttp(RoundPortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        elsewhere = cls.env["ess.circle"].create({"name": "Elsewhere"})
        far = cls._member("Ferme Loin", ess_circle_ids=elsewhere.ids)
        cls.stranger = cls._volunteer(far, "stranger")
        cls.nobody = cls._volunteer(
            cls.env["res.partner"].create({"name": "Zoé & Co", "is_company": True}),
            "nobody",
        )
        cls.theirs = cls._commit(cls.flour, cls.semeurs, 12)
        cls.draft = cls._round(name="Not yet")
        cls.hidden = cls._offer(
            cls._product("Oats"), cls.nord, [(0, 2.0)], buying=cls.draft
        )

    # === THE THREAD === #

    def test_the_thread_of_a_round_is_the_office_s(self):
        """Neither with the rights of a member nor with the token of the page."""
        file = self.env["ir.attachment"].create(
            {
                "name": f"Prices for {SECRET}.csv",
                "raw": b"secret",
                "res_model": "ess.round",
                "res_id": self.round.id,
            }
        )
        message = self.round.message_post(
            body=f"{SECRET} cannot pay",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=file.ids,
        )
        thread = {"thread_model": "ess.round", "thread_id": self.round.id}
        token = {"token": self.round.access_token}
        ask = ["attachments", "followers", "activities", "suggestedRecipients"]
        calls = [
            ("/mail/thread/messages", thread),
            ("/mail/thread/recipients", thread),
            ("/mail/chatter_fetch", thread),
            ("/mail/chatter_fetch", {**thread, **token}),
            ("/portal/chatter_init", {**thread, **token}),
            (
                "/mail/data",
                {
                    "fetch_params": [
                        [
                            "mail.thread",
                            {**thread, "request_list": ask, "access_params": token},
                        ]
                    ]
                },
            ),
        ]
        for user in (None, self.borrower, self.stranger, self.nobody):
            self.log_in(user)
            for url, params in calls:
                answer = json.dumps(self.call(url, **params), default=str)
                self.assertNotIn(SECRET, answer, f"{user and user.login}: {url}")
            for access in ({}, token):
                self.call(
                    "/mail/message/post",
                    **thread,
                    **access,
                    post_data={"body": "Buy my things", "message_type": "comment"},
                )
                self.post(
                    "/mail/attachment/upload",
                    files={"ufile": ("virus.txt", b"secret", "text/plain")},
                    **thread,
                    **access,
                )
            for url in (
                f"/web/content/{file.id}",
                f"/web/content/ir.attachment/{file.id}/raw",
                f"/web/image/{file.id}",
                f"/web/content/ess.round/{self.round.id}/frozen_input",
                f"/web/content/ess.round/{self.round.id}/description",
                f"/web/content/ess.round.offer/{self.flour.id}/snapshot",
            ):
                answer = self.get(url)
                self.assertNotIn("secret", answer.text, f"{user and user.login}: {url}")
            shown = self.get(f"/mail/message/{message.id}")
            self.assertNotIn(SECRET, shown.text)
        bodies = " ".join(self.round.message_ids.mapped("body"))
        self.assertNotIn("Buy my things", bodies)
        files = self.env["ir.attachment"].search([("name", "=", "virus.txt")])
        self.assertFalse(files)

    def test_a_token_opens_no_page(self):
        token = self.round.access_token
        for user in (None, self.stranger, self.nobody):
            self.log_in(user)
            for url in (
                f"{self.url}?access_token={token}",
                f"{self.url}/result?access_token={token}",
                f"/mail/view?model=ess.round&res_id={self.round.id}"
                f"&access_token={token}",
            ):
                answer = self.url_open(url)
                self.assertNotIn("Flour T80", answer.text, url)

    # === PAPERS === #

    def test_papers_of_others_are_not_printed(self):
        self.round.action_close()
        self.round.action_order()
        names = "report_round_by_member", "report_round_by_product"
        urls = [
            f"/report/{kind}/ess_mutualisation.{name}/{self.round.id}"
            for kind in ("html", "pdf", "text")
            for name in names
        ]
        orders = f"report_round_member_orders/{self.flour.supplier_id.id}"
        urls.append(f"/report/html/ess_mutualisation.{orders}")
        employee = self._internal("employee", "base.group_user")
        for user in (None, self.stranger, self.nobody, employee):
            self.log_in(user)
            for url in urls:
                answer = self.url_open(url)
                tried = f"{user and user.login}: {url}"
                self.assertNotIn(SECRET, answer.text, tried)
                self.assertNotIn("Flour T80", answer.text, tried)
        self.log_in(self.borrower)
        for url in urls:
            self.assertNotIn(SECRET, self.url_open(url).text, url)

    # === WHAT IS TYPED === #

    def test_absurd_numbers(self):
        """A sentence, and nothing is changed; what was typed stands there again."""
        self.log_in(self.borrower)
        for number in NUMBERS:
            for field in ("want", "tolerance", "minimum", "ceiling"):
                if field == "ceiling" and number == "1e-9":
                    continue
                with self.subTest(number=number[:9], field=field):
                    said = self.save(self.flour, **{"want": "3", field: number})
                    self.assertTrue(said["error"])
                    self.assertNotIn("<script", said["row"] + said["totals"])
                    typed = {
                        f"want_{self.flour.id}": "3",
                        f"{field}_{self.flour.id}": number,
                    }
                    answer = self.post(f"{self.url}/commit", **typed)
                    self.assertEqual(answer.status_code, 200)
                    self.assertNotIn("<script>alert", answer.text)
        self.assertFalse(self.mine(self.flour))

    def test_absurd_calls(self):
        self.log_in(self.borrower)
        for value in (None, [], {}, ["3"], {"a": 1}, True, 10**30, -5, "x" * 9999):
            for params in (
                {"offer_id": value, "typed": {"want": "3"}},
                {"offer_id": self.flour.id, "typed": value},
                {"offer_id": self.flour.id, "typed": {"want": value}},
                {
                    "offer_id": self.flour.id,
                    "typed": {"want": "-", "version": value},
                },
            ):
                with self.subTest(value=str(value)[:9]):
                    said = self.call(f"{self.url}/save", **params)
                    self.assertIn("error", said)
                    self.assertNotIn("Traceback", json.dumps(said))
        self.assertLessEqual(sum(self.mine(self.flour).mapped("want")), 3)

    def test_absurd_addresses(self):
        """Of a round that is foreign, gone, a draft, or no number at all."""
        self.log_in(self.borrower)
        gone = self._round(name="Gone")
        gone_id = gone.id
        gone.unlink()
        for number in (gone_id, self.draft.id, 0, -1, 2**31, 10**30, "nan"):
            for url in ("", "/result", "/collect", "/orders/1", "/orders/" + "9" * 30):
                with self.subTest(number=number, url=url):
                    answer = self.get(f"/my/rounds/{number}{url}")
                    self.assertIn(answer.status_code, (303, 404))
            for act in ("commit", "slot", "collect"):
                with self.subTest(number=number, act=act):
                    answer = self.post(f"/my/rounds/{number}/{act}", slot=1, member=1)
                    self.assertIn(answer.status_code, (303, 404))
        said = self.call(
            f"/my/rounds/{self.draft.id}/save",
            offer_id=self.hidden.id,
            typed={"want": "1"},
        )
        self.assertNotIn("row", said)
        # an offer of another round, slipped in
        said = self.save(self.hidden, want="1")
        self.assertNotIn("row", said)
        self.post(f"{self.url}/commit", **{f"want_{self.hidden.id}": "1"})
        self.assertFalse(self.hidden.commitment_ids)
        for search in ("%00", "x" * 5000, "%27%22%3E%3Cscript%3Ealert(1)"):
            answer = self.get(f"{self.url}?search={search}&search=b&done=%3Cb%3E")
            self.assertEqual(answer.status_code, 200)
            self.assertNotIn("<script>alert", answer.text)

    def test_absurd_collections(self):
        self.round.action_close()
        self.round.action_order()
        foreign = self.env["ess.round.slot"].create(
            {
                "round_id": self.draft.id,
                "start": "2031-01-01 08:00:00",
                "stop": "2031-01-01 09:00:00",
            }
        )
        self.log_in(self.borrower)
        for slot in (foreign.id, -1, 10**30, "nan", "", "1\0", "<b>"):
            answer = self.post(f"{self.url}/slot", slot=slot)
            self.assertEqual(answer.status_code, 200, slot)
            self.assertIn("choose one of the times", answer.text)
        self.assertFalse(self.round.collection_ids)
        self.theirs.sudo().received = 12
        self.round.host_id = self.phare
        for member in (-1, 10**30, "nan", "", "1\0"):
            answer = self.post(f"{self.url}/collect", member=member, commitment=member)
            self.assertEqual(answer.status_code, 303, member)
        self.assertFalse(self.theirs.collected)

    def test_acts_are_posted(self):
        """Nothing is done by following a link, or without the token of the form."""
        self.log_in(self.borrower)
        for act in ("commit", "slot", "save"):
            answer = self.get(f"{self.url}/{act}?want_{self.flour.id}=3&slot=1")
            self.assertIn(answer.status_code, (400, 404, 405, 415), act)
        for act in ("commit", "slot", "collect"):
            answer = self.post(f"{self.url}/{act}", csrf=False, slot=1)
            self.assertEqual(answer.status_code, 400, act)
        self.assertFalse(self.mine(self.flour))

    def test_what_others_typed_is_text(self):
        """Names and reasons with markup, in a page, in a mail and in a file."""
        evil = "<img src=x onerror=alert(1)>"
        self.round.description = f"<p>Hello</p><script>alert(1)</script>{evil}"
        self.flour.name = self.soap.code = evil
        self.borrower.partner_id.name = evil
        self.round.place = evil
        self.log_in(self.borrower)
        for url in (self.url, f"{self.url}?search=%3Cimg"):
            page = self.page(url)
            self.assertNotIn("<img src=x", page)
            self.assertNotIn('" onerror=alert', page)
            self.assertNotIn("<script>alert", page)
        said = self.save(self.flour, want="3")
        self.assertNotIn("<img src=x", said["row"] + said["totals"])
        said = self.save(self.flour, version=9, want="4")
        self.assertTrue(said["stale"])
        self.round.action_cancel(evil)
        self.assertNotIn("<img src=x", self.page(f"{self.url}/result"))

    def test_a_file_for_the_supplier_is_no_program(self):
        """A spreadsheet computes what begins like a formula. Members do not get it."""
        self.flour.write({"name": '=HYPERLINK("http://evil")', "code": "\n=1+1"})
        self.round.action_close()
        self.round.action_order()
        supplier = self.flour.supplier_id
        self.flour.ordered = 1234567
        self.assertIn(";1234567;", supplier._csv().decode("utf-8-sig"))
        self.flour.ordered = 12
        act = supplier.with_user(self.facilitator).action_export_csv()
        text = supplier._csv().decode("utf-8-sig")
        self.assertNotIn('"=', text.replace("\"'=", ""))
        self.assertNotIn('"\n=', text)
        self.log_in(self.facilitator)
        self.assertEqual(self.url_open(act["url"]).content, supplier._csv())
        for user in (None, self.borrower, self.stranger):
            self.log_in(user)
            self.assertNotEqual(self.url_open(act["url"]).status_code, 200)
