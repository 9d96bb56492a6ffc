from . import (
    asset_label,
    asset_use_report,
    cost_evidence,
    ir_actions_report,
    loan_sheet,
    loan_visit,
    reciprocity_report,
    round_saving,
    statement,
)
