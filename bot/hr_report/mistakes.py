"""Who is told what is wrong with a plan that was saved in SharePoint, and when (pure).

| a mistake that stands in what was saved            | then |
|---|---|
| is told already, since the plan was in order last  | nothing, whoever has saved it since |
| is new, and somebody may still be typing           | nothing yet |
| is new                                             | one mail about all that is wrong now, to whoever saved it last |

Where nobody knows who that is, the plan's contact gets it. When it is mended nothing is said. The same one
after that is new again. When a mail goes, it says what is wrong by then; one whose mistakes are mended is let
go of.
"""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.messages import MISTAKE_PREFIX, DeliveryState, Message
from bot.domain.templates import MessageKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.plan import CoursePlan
    from bot.domain.plan_files import BadSave

AT_REST = timedelta(minutes=10)
"""Excel saves by itself while somebody types: half a row is no mistake yet."""
MISTAKES, SINCE = "mistakes", "since"
"""The parameters with what a message is about: digests as JSON, and the tag of what was in order before."""
LONGEST_KEY = 16


def mistake_to_tell(
    plan: CoursePlan, bad: BadSave, before: Iterable[Message], *, now: datetime
) -> Message | None:
    """By the table; `before` are the messages of before, `now` is UTC.

    The key has what it is about, so that it is one whatever is repeated. Nothing of the plan's words is kept.
    """
    if bad.file.saved_at is not None and now - bad.file.saved_at < AT_REST:
        return None
    told = {
        mistake
        for message in before
        if message.is_mistake
        and message.params.get(SINCE) == bad.good
        and message.state is not DeliveryState.SKIPPED
        for mistake in about(message)
    }
    standing = digests(bad)
    if standing <= told:
        return None
    shown = json.dumps(sorted(standing))
    email = reader_of(plan, bad)
    return Message(
        plan=plan.id,
        key=f"{MISTAKE_PREFIX}{_digest(f'{bad.good} {bad.file.c_tag} {shown}')}/{email}",
        kind=MessageKind.HR_REPORT,
        course="",
        offering="",
        email=email,
        created_at=now,
        params={MISTAKES: shown, SINCE: bad.good},
    )


def still_stands(message: Message, bad: BadSave | None) -> bool:
    """Whether anything of what a message is about is still wrong."""
    return bad is not None and message.params.get(SINCE) == bad.good and bool(about(message) & digests(bad))


def reader_of(plan: CoursePlan, bad: BadSave) -> str:
    """Whoever saved it, else the plan's contact; lower-cased."""
    return bad.file.saved_by_email if "@" in bad.file.saved_by_email else plan.contact.lower()


def about(message: Message) -> frozenset[str]:
    """The digests of the mistakes that a message is about."""
    return frozenset(json.loads(message.params.get(MISTAKES, "[]")))


def digests(bad: BadSave) -> frozenset[str]:
    """What is wrong, each as a short text that says nothing of it."""
    return frozenset(map(_digest, bad.mistakes))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LONGEST_KEY]
