"""The plan as it was before, out of the books.

A revision is kept as a document of the plan's format and read by the plan's own reader, so that a later
program understands it. One that it does not understand can be listed, and neither compared nor taken along.
"""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.opening.versions import ANY_TIME
from bot.plan import parse_plan

if TYPE_CHECKING:
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores


def plan_of_revision(plan: str, number: int, stores: Stores) -> CoursePlan | None:
    """All that the plan said then, or None.

    None where no such revision is kept, or this program does not understand it. Raises DatabaseFailed.
    """
    document = stores.revisions.load_document(plan, number)
    return None if document is None else _read(json.dumps(document, ensure_ascii=False))


def reading_stamp(whole: CoursePlan) -> str:
    """Equal for equal readings: the same file, of which the desk has decided the same.

    Cheap: it is asked in every round.
    """
    return f"{whole.revision} {sha256(repr(whole.assumptions).encode()).hexdigest()[:16]}"


# A page compares a few of them again and again; a plan may be large.
@lru_cache(maxsize=16)
def _read(document: str) -> CoursePlan | None:
    return parse_plan(document.encode(), name="revision.yaml", now=ANY_TIME, doubts=False).plan
