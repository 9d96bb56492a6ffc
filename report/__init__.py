from . import (
    asset_label,
    asset_use_report,
    statement,
)
