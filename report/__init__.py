from . import (
    asset_label,
    asset_use_report,
    cost_evidence,
    ir_actions_report,
    reciprocity_report,
    round_saving,
    statement,
)
