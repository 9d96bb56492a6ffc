from . import (
    asset_label,
    asset_use_report,
    ir_actions_report,
    statement,
)
