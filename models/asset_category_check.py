from odoo import models


class AssetCategoryCheck(models.Model):
    """What is looked at when something of a category leaves or comes back."""

    _inherit = "ess.asset.category"

    def _all_checks(self):
        """Points of this category and of those above it, the most general first."""
        points = self.env["ess.asset.check"]
        category = self.sudo()
        while category:
            points = category.check_ids + points
            category = category.parent_id
        return points

    def _meter(self):
        """:return: 'km', 'hours' or False, of this category or the next above it"""
        category = self.sudo()
        while category and not category.meter:
            category = category.parent_id
        return category.meter
