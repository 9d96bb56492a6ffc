from . import (
    asset_label,
    asset_use_report,
    cost_evidence,
    cost_evidence_data,
    ir_actions_report,
    reciprocity_report,
    statement,
)
