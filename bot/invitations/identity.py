"""A plan that its books do not recognise.

Another id, another mailbox or another time zone than before (pure).

| found | when |
|---|---|
| plan id | an id that is served no more has events ahead in the plan's mailbox that look like sessions which this plan has no event for: |
| | the same ids and start, or the same subject and start |
| organiser | events ahead are in another mailbox than the plan names |
| time zone | the plan in force was written in another |

Each is explained, with what to do; nobody is said to have deleted anything. A mailbox that the books do not
know (they are from before it was written down) counts as the plan's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.times import instant
from bot.i18n.catalogue import text
from bot.messages.invitation import invitation_subject

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPlanId:
    """A plan of the id `old` that looks like the plan `new`.

    So many of its sessions ahead are the same, with so many people on them.
    """

    old: str
    new: str
    mailbox: str
    sessions: int
    people: int

    def lines(self, language: Language, program: str = "kursusbot") -> tuple[str, ...]:
        """What was found, and the ways out."""
        given = {
            "old": self.old,
            "new": self.new,
            "mailbox": self.mailbox,
            "sessions": self.sessions,
            "people": self.people,
        }
        return text(language, "identity.plan_id.found", **given), text(
            language, "identity.plan_id.way_out", old=self.old, program=program
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMailbox:
    """So many sessions ahead, with so many people, are in the mailbox `old`; the plan names `new`."""

    old: str
    new: str
    sessions: int
    people: int

    def lines(self, language: Language) -> tuple[str, ...]:
        """What was found, and the ways out."""
        found = text(
            language,
            "identity.organiser.found",
            old=self.old,
            new=self.new,
            sessions=self.sessions,
            people=self.people,
        )
        return found, text(language, "identity.organiser.way_out", old=self.old, new=self.new)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTimezone:
    """The plan was written in the zone `old`, and is in `new` now."""

    old: str
    new: str

    def lines(self, language: Language) -> tuple[str, ...]:
        """What was found, and the way out."""
        return (text(language, "identity.timezone.found", old=self.old, new=self.new),)


def other_plan_id(
    plan: CoursePlan,
    ledgers: Mapping[str, Mapping[SessionKey, LedgerEntry]],
    *,
    served: Collection[str],
    now: datetime,
) -> OtherPlanId | None:
    """The id that the plan seems to have had, by the books of every plan; `served` are the ids of today.

    None where `was` says so.
    """
    mine = {
        str(key).partition("/")[2] for key, entry in ledgers.get(plan.id, {}).items() if _is_ahead(entry, now)
    }
    sessions = _sessions(plan, mine)
    found = []
    for old, ledger in ledgers.items():
        if old in served or old in {plan.id, plan.was}:
            continue
        alike = [
            entry
            for key, entry in ledger.items()
            if _is_ahead(entry, now) and _looks_alike(key, entry, sessions, plan.organiser)
        ]
        if alike:
            people = len({email for entry in alike for email in entry.invited_since})
            found.append(
                OtherPlanId(old=old, new=plan.id, mailbox=plan.organiser, sessions=len(alike), people=people)
            )
    return max(found, key=lambda one: (one.sessions, one.old), default=None)


def other_mailbox(plan: CoursePlan, ledger: Iterable[LedgerEntry], *, now: datetime) -> OtherMailbox | None:
    """Where events of the plan are that are not in its mailbox.

    Of several mailboxes the one with most of them.
    """
    by_mailbox: dict[str, list[LedgerEntry]] = {}
    for entry in ledger:
        if _is_ahead(entry, now) and entry.organiser and entry.organiser != plan.organiser.lower():
            by_mailbox.setdefault(entry.organiser, []).append(entry)
    if not by_mailbox:
        return None
    old, entries = max(by_mailbox.items(), key=lambda pair: (len(pair[1]), pair[0]))
    people = len({email for entry in entries for email in entry.invited_since})
    return OtherMailbox(old=old, new=plan.organiser, sessions=len(entries), people=people)


def other_timezone(before_timezone: str, plan: CoursePlan) -> OtherTimezone | None:
    """Whether the plan was in another time zone before."""
    return None if before_timezone == plan.timezone else OtherTimezone(old=before_timezone, new=plan.timezone)


def _sessions(plan: CoursePlan, known: Collection[str]) -> frozenset[tuple[str, datetime]]:
    """The dated sessions without an event, by ids and by subject, with their start (UTC)."""
    found: set[tuple[str, datetime]] = set()
    for course, offering, session in plan.sessions():
        name = f"{course.id}/{offering.id}/{session.id}"
        if session.start is None or name in known:
            continue
        start = instant(session.start, plan.timezone)
        found |= {
            (name, start),
            (invitation_subject(course, offering, session, language=plan.language), start),
        }
    return frozenset(found)


def _looks_alike(
    key: SessionKey, entry: LedgerEntry, sessions: Collection[tuple[str, datetime]], organiser: str
) -> bool:
    if key.part > 1 or (entry.organiser and entry.organiser != organiser.lower()):
        return False
    name = f"{key.course}/{key.offering}/{key.session}"
    return (name, entry.start) in sessions or (entry.subject, entry.start) in sessions


def _is_ahead(entry: LedgerEntry, now: datetime) -> bool:
    return entry.event_id is not None and entry.start > now
