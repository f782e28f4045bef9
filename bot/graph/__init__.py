"""Microsoft Graph through msgraph-sdk; the only place that knows its JSON."""

from __future__ import annotations

import sys

# httpx has a command line of its own, which it can do without; with it come rich and pygments where something
# else brought them.
# None is how Python is told that there is no such module.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
