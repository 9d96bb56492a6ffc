"""What members of other organisations try by RPC to learn what is not theirs.

Le Phare asks for 7 bags of flour and Les Semeurs for 17; Ferme Loin is in another
circle, Zoé is of no member at all.
"""

import json
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common_round import RoundCommon

SECRET = "Semeurs"


@tagged("post_install", "-at_install")
class TestRoundAttackRpc(RoundCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("base.group_user")
        cls.anais = cls._volunteer(cls.phare, "anais")
        cls.other_circle = cls.env["ess.circle"].create({"name": "Elsewhere"})
        cls.far = cls._member("Ferme Loin", ess_circle_ids=cls.other_circle.ids)
        cls.stranger = cls._volunteer(cls.far, "stranger")
        cls.nobody = cls._volunteer(
            cls.env["res.partner"].create({"name": "Zoé & Co", "is_company": True}),
            "nobody",
        )
        cls.public = cls.env.ref("base.public_user")
        cls.cost = cls.env["ess.round.cost"].create(
            {"round_id": cls.round.id, "name": "Freight", "estimated": 43.21}
        )
        cls.round.action_open()
        cls.mine = cls._commit(cls.flour, cls.phare, 7)
        cls.theirs = cls._commit(cls.flour, cls.semeurs, 17)
        cls.outsiders = cls.anais | cls.stranger | cls.nobody | cls.public

    def rpc(self, user, record, method, *args, **kwargs):
        """As the web client calls: ids first, everything through JSON."""
        model = self.env[record._name].with_user(user)
        args = json.loads(json.dumps([record.ids, *args]))
        return call_kw(model, method, args, kwargs)

    # === THE THREAD OF A ROUND IS THE OFFICE'S === #

    def _post(self):
        """A public message, an answer by mail, an internal note."""
        post = self.round.message_post
        return (
            post(body=f"{SECRET} cannot pay", subtype_xmlid="mail.mt_comment")
            | post(
                body=f"We of {SECRET} take 17",
                message_type="email",
                subtype_xmlid="mail.mt_comment",
                author_id=self.semeurs.id,
            )
            | post(body=f"{SECRET} asks for a bribe", subtype_xmlid="mail.mt_note")
        )

    def test_messages_of_a_round_are_not_read(self):
        messages = self._post()
        for user in self.outsiders:
            found = self.env["mail.message"].with_user(user)
            try:
                found = found.search(
                    [("model", "=", "ess.round"), ("res_id", "=", self.round.id)]
                )
            except AccessError:
                continue
            self.assertFalse(found, user.login)
            for message in messages:
                with self.assertRaises(AccessError, msg=user.login):
                    message.with_user(user).read(["body"])

    def test_messages_are_not_guessed_by_searching_rounds(self):
        self._post()
        rounds = self.env["ess.round"].with_user(self.anais)
        for domain in (
            [("message_ids.body", "ilike", "bribe")],
            [("website_message_ids.body", "ilike", "cannot pay")],
            [("message_ids", "any", [("body", "ilike", "bribe")])],
            [("message_ids", "ilike", "bribe")],
            [("message_ids.tracking_value_ids.new_value_char", "ilike", "open")],
            [("activity_ids.note", "ilike", "minimum")],
            [("message_follower_ids.partner_id.name", "ilike", SECRET)],
            [("message_partner_ids.name", "ilike", SECRET)],
        ):
            found = rounds
            try:
                found = rounds.search(domain)
            except AccessError:
                continue
            self.assertFalse(found, str(domain))

    def test_a_member_does_not_follow_a_round(self):
        """Who follows is sent every message, and may read it ever after."""
        for user in self.outsiders:
            partner = user.partner_id
            for args in ([partner.ids], [partner.ids, [1]]):
                with self.assertRaises(AccessError, msg=user.login):
                    self.rpc(user, self.round, "message_subscribe", *args)
        self.assertFalse(
            self.round.message_partner_ids & self.outsiders.mapped("partner_id")
        )
        office = self._internal("office", "ess_mutualisation.group_accountant")
        self.rpc(office, self.round, "message_subscribe", office.partner_id.ids)
        self.assertIn(office.partner_id, self.round.message_partner_ids)

    def test_attachments_of_a_round_are_not_read(self):
        attachment = self.env["ir.attachment"].create(
            {
                "name": "prices.csv",
                "raw": b"secret",
                "res_model": "ess.round",
                "res_id": self.round.id,
            }
        )
        for user in self.outsiders:
            with self.assertRaises(AccessError, msg=user.login):
                attachment.with_user(user).read(["name", "raw"])
            found = self.env["ir.attachment"].with_user(user)
            try:
                found = found.search([("res_model", "=", "ess.round")])
            except AccessError:
                continue
            self.assertFalse(found, user.login)

    # === WHAT CAN BE READ === #

    def test_no_dotted_path_leads_to_terms(self):
        """Grouping, exporting, ordering and reading through links."""
        self.round.action_close()
        for user in self.outsiders:
            mine = self.env["ess.commitment"].with_user(user)
            for number, attempt in enumerate(
                (
                    lambda m: m.formatted_read_group([], ["offer_id.supplier_id"], []),
                    lambda m: m.formatted_read_group([], ["offer_id.delay"], []),
                    lambda m: m.search([("offer_id.ordered", ">", 1)]),
                    lambda m: m.search([("offer_id.commitment_ids.want", "=", 17)]),
                    lambda m: m.search([("offer_id.snapshot", "!=", False)]),
                    lambda m: m.search([("offer_id.product_id.list_price", ">", 1)]),
                    lambda m: m.search([]).export_data(["offer_id/unit_price"]),
                    lambda m: m.env["ess.round"].search([], order="mails_due"),
                    lambda m: m.env["ess.round"].formatted_read_group(
                        [], ["analytic_account_id"], ["__count"]
                    ),
                    lambda m: m.env["ess.round"].search(
                        [("share_ids.cost_id.amount", ">=", 0)]
                    ),
                    lambda m: m.env["ess.exchange"].search(
                        [("round_share_id.offer_id.unit_price", ">", 0)]
                    ),
                    lambda m: m.env["ess.exchange"].search(
                        [("round_id.commitment_ids.want", "=", 17)]
                    ),
                )
            ):
                found = None
                with suppress(UserError):
                    found = attempt(mine)
                self.assertFalse(found, f"{user.login} {number}")

    def test_every_field_of_every_readable_model(self):
        """One by one, with all that hangs on them: no names, no costs of others."""
        self.round.action_close()
        for user in self.outsiders:
            for model in (
                "ess.round",
                "ess.commitment",
                "ess.round.share",
                "ess.round.collection",
                "ess.round.slot",
            ):
                records = self.env[model].with_user(user)
                try:
                    found = records.search([])
                except AccessError:
                    continue
                spec = self._spec(found)
                for name, one in spec.items():
                    try:
                        values = self.rpc(user, found, "web_read", {name: one})
                    except AccessError:
                        continue
                    text = json.dumps(values, default=str)
                    self.assertNotIn(SECRET, text, f"{user.login} {model}.{name}")
                    self.assertNotIn("standard_price", text)
                    if user != self.anais:
                        self.assertNotIn("Flour", text, f"{user.login} {model}.{name}")

    def _spec(self, records):
        """Every field, and every field of what it links to."""
        return {
            name: {
                "fields": {"display_name": {}}
                | {sub: {} for sub in self.env[field.comodel_name]._fields}
            }
            if field.relational
            else {}
            for name, field in records._fields.items()
        }

    def test_links_are_not_followed(self):
        for name in ("unit_price", "tier_ids", "snapshot", "ordered", "carton"):
            with self.assertRaises(AccessError, msg=name):
                self.rpc(
                    self.anais,
                    self.mine,
                    "web_read",
                    {"offer_id": {"fields": {name: {}}}},
                )

    def test_forms_are_not_filled_in(self):
        """A form that is never saved computes with what one gives it."""
        for user in self.outsiders:
            for record, values, wanted in (
                (
                    self.env["ess.round.share"],
                    {"kind": "cost", "cost_id": self.cost.id, "exact": "1"},
                    "explanation",
                ),
                (
                    self.env["ess.commitment"],
                    {"offer_id": self.flour.id, "want": 5},
                    "quantity",
                ),
                (self.env["ess.round"], {"circle_id": self.circle.id}, "offer_ids"),
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {record._name}"):
                    self.rpc(user, record, "onchange", values, [], {wanted: {}})
                with self.assertRaises(AccessError, msg=f"{user.login} {record._name}"):
                    self.rpc(user, record, "web_save", values, {wanted: {}})

    def test_copies_are_not_looked_at(self):
        for user in self.outsiders:
            for record in (self.round, self.theirs, self.cost, self.flour):
                with self.assertRaises(AccessError, msg=f"{user.login} {record._name}"):
                    self.rpc(user, record, "copy_data")

    # === WHO ONE IS CHANGES === #

    def test_a_volunteer_who_moves_takes_nothing_along(self):
        """The rules are about the organisation of today, not of the first request."""
        commitments = self.env["ess.commitment"].with_user(self.anais)
        self.assertEqual(commitments.search([]), self.mine)
        self.anais.partner_id.parent_id = self.semeurs
        self.assertEqual(commitments.search([]), self.theirs)
        self.anais.partner_id.parent_id = self.far
        self.assertFalse(commitments.search([]))
        self.assertFalse(self.env["ess.round"].with_user(self.anais).search([]))

    def test_an_organisation_that_leaves_the_circle(self):
        """It sees no other round any more, and what it asked for is still its own."""
        other = self._round(name="Another")
        self._offer(self.flour_product, self.nord, [(0, 30.0)], other)
        other.action_open()
        rounds = self.env["ess.round"].with_user(self.anais)
        self.assertEqual(rounds.search([]), self.round | other)
        self.phare.ess_membership_ids.unlink()
        self.assertEqual(rounds.search([]), self.round)
        commitments = self.env["ess.commitment"].with_user(self.anais)
        self.assertEqual(commitments.search([]), self.mine)
        with self.assertRaises(AccessError):
            commitments._portal_commit(self.flour, {"want": 9}, 1)
        self.assertEqual(self.mine.want, 7)
        self.mine.with_user(self.anais).action_withdraw()
        self.assertEqual(self.mine.want, 0)

    # === HANDING OUT === #

    def test_a_host_hands_out_its_own_rounds_alone(self):
        """Lines of a round that nobody hosts, slipped in among those of one's own."""
        self.round.host_id = self.phare
        foreign = self._round(name="Elsewhere")
        oats = self._offer(self._product("Oats"), self.nord, [(0, 2.0)], buying=foreign)
        foreign.action_open()
        secret = self._commit(oats, self.semeurs, 4)
        for one in self.round | foreign:
            one.action_close()
            one.action_order()
        self.mine.sudo().received = 7
        secret.sudo().received = 4
        with self.assertRaises(AccessError):
            (self.mine | secret).with_user(self.anais).action_collect()
        self.assertFalse(secret.collected)
        self.mine.with_user(self.anais).action_collect()
        self.assertEqual(self.mine.collected, 7)
