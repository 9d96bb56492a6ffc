"""The import that keeps good rows, on a throw-away model of its own."""

from odoo import api, fields, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import TransactionCase, tagged

CART = 50


def sack_model():
    """The model, defined when the test runs so that nothing else ever meets it."""

    class Sack(models.Model):
        _module = None
        _name = "ess.test.sack"
        _description = "Sack (of a test)"
        _inherit = ["ess.import.mixin"]

        name = fields.Char(required=True)
        weight = fields.Integer(required=True)

        _weight_positive = models.Constraint(
            "CHECK (weight > 0)", "A sack weighs something."
        )

        @api.model
        def _import_refusals(self, vals_list):
            refusals, load = {}, 0
            for index, vals in enumerate(vals_list):
                if load + vals["weight"] > CART:
                    refusals[index] = "The cart is full."
                else:
                    load += vals["weight"]
            return refusals

    return Sack


@tagged("post_install", "-at_install")
class TestImportMixin(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        name = "ess.test.sack"
        add_to_registry(cls.registry, sack_model())
        cls.addClassCleanup(cls._forget, name)
        cls.registry._setup_models__(cls.env.cr, [name])
        cls.registry.init_models(cls.env.cr, [name], {"models_to_check": True})

    @classmethod
    def _forget(cls, name):
        del cls.registry.models[name]
        mixin = cls.registry["ess.import.mixin"]
        mixin._inherit_children.discard(name)
        cls.registry["base"]._inherit_children.discard(name)
        with cls.registry.cursor() as cr:
            cls.registry._setup_models__(cr, [])

    def _load(self, *rows):
        model = self.env["ess.test.sack"].with_context(import_file=True, lang="en_US")
        answer = model.load(["name", "weight"], [list(row) for row in rows])
        sacks = model.browse(answer["ids"])
        told = {message["record"]: message["message"] for message in answer["messages"]}
        return sacks.mapped("name"), told

    def test_good_rows_go_in(self):
        """Of five sacks, two weigh nothing that can be read or allowed."""
        names, told = self._load(
            ("flour", "25"),
            ("lentils", "heavy"),
            (" rice ", "10"),
            ("air", "-1"),
            ("", "5"),
        )
        self.assertEqual(names, ["flour", "rice"])
        self.assertEqual(sorted(told), [1, 3, 4])
        self.assertIn("heavy", told[1])
        self.assertEqual(told[3], "A sack weighs something.")
        self.assertIn("empty", told[4])

    def test_hook_looks_at_the_rows_together(self):
        """The cart takes 50 kg: who comes later in the file stays out."""
        names, told = self._load(("a", "30"), ("b", "30"), ("c", "20"))
        self.assertEqual(names, ["a", "c"])
        self.assertEqual(told, {1: "The cart is full."})
