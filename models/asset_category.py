from odoo import api, fields, models


class AssetCategory(models.Model):
    """Tree of categories; each says which properties its assets have."""

    _name = "ess.asset.category"
    _description = "Asset Category"
    _parent_store = True
    _parent_name = "parent_id"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "name"]
    _order = "complete_name"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        compute="_compute_complete_name", recursive=True, store=True, translate=False
    )
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one("ess.asset.category", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("ess.asset.category", "parent_id", string="Children")
    color = fields.Integer()
    icon = fields.Char(
        default="fa-cube", help="Font Awesome name, shown when there is no photo."
    )
    asset_properties_definition = fields.PropertiesDefinition("Asset Properties")
    asset_ids = fields.One2many("ess.asset", "category_id", string="Assets")
    asset_count = fields.Integer(compute="_compute_asset_count")

    _name_parent_uniq = models.UniqueIndex(
        "(name, COALESCE(parent_id, 0)) WHERE active",
        "This category has a child of that name already.",
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = (
                f"{parent} / {category.name}" if parent else category.name
            )

    @api.depends("name", "parent_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """The path in the reader's language (the stored one is for sorting)."""
        for category in self:
            names, node = [], category
            while node:
                names.append(node.name or "")
                node = node.parent_id
            category.display_name = " / ".join(reversed(names))

    @api.model
    def name_create(self, name):
        """From a name alone, a category without a parent."""
        category = self.create({"name": name})
        return category.id, category.display_name

    @api.depends("asset_ids")
    def _compute_asset_count(self):
        counts = dict(
            self.env["ess.asset"]._read_group(
                [("category_id", "in", self.ids)], ["category_id"], ["__count"]
            )
        )
        for category in self:
            category.asset_count = counts.get(category, 0)

    @api.model
    def _search_display_name(self, operator, value):
        return ["|", ("name", operator, value), ("complete_name", operator, value)]

    def action_view_assets(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ess_mutualisation.ess_asset_action"
        )
        action["domain"] = [("category_id", "child_of", self.id)]
        action["context"] = {"default_category_id": self.id}
        return action
