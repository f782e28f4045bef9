"""What a round works with."""

from __future__ import annotations

# A second run waits this long for the first one before it gives up (seconds).
LOCK_WAIT_SECONDS = 5.0
