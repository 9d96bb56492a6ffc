from . import (
    asset_label,
    asset_use_report,
    reciprocity_report,
)
