from odoo import api, models


class CostBudgetLinks(models.Model):
    """A budget is named by its pool and year."""

    _inherit = "ess.cost.budget"

    @api.depends("pool_id.name", "date_from", "date_to")
    def _compute_display_name(self):
        for budget in self:
            years = {day.year for day in (budget.date_from, budget.date_to) if day}
            span = "–".join(str(year) for year in sorted(years))
            budget.display_name = f"{budget.pool_id.name or ''} {span}".strip()
