"""Print one key of an addon's manifest, lists joined by commas."""

import ast
import sys
from pathlib import Path

manifest = ast.literal_eval(Path(sys.argv[1]).read_text())
value = manifest.get(sys.argv[2], "")
print(value if isinstance(value, str) else ",".join(value), end="")
