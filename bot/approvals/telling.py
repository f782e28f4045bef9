"""What waits, and what was decided, in words and as the contract's JSON (pure).

Each course that waits says why, and what the ways out are: one line for each reason, with what was found.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.approvals import ApprovalState, Consent, WaitReason
from bot.domain.people import Language
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import short_moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.approvals.weighing import Verdict
    from bot.domain.approvals import Decision, Record, Waiting
    from bot.domain.plan import CoursePlan

Item = tuple[str, ...]
Details = Callable[[str, WaitReason, Language], tuple[str, ...]]
"""From a course that waits and one of its reasons to what was found, in a language."""


def waiting_items(
    verdicts: Iterable[Verdict], titles: Mapping[str, str], details: Details, language: Language, *, program: str
) -> tuple[Item, ...]:
    """For each course that needs a person: its title with the mails, why, the ways out, and how to approve it alone.

    One that was rejected is told as that. `details` gives what was found, for a reason.
    """
    return tuple(
        _item(one, titles.get(one.course, one.course), details, language, program) for one in verdicts if one.consent is Consent.NEEDED
    )


def courses_json(verdicts: Iterable[Verdict]) -> list[dict[str, object]]:
    """`courses` of the contract's preview."""
    return [
        {
            "course": one.course,
            "checksum": one.checksum,
            "mails": one.mails,
            "people": one.people,
            "approval": one.consent.value,
            "reasons": [reason.value for reason in one.reasons],
            "rejected": one.is_rejected,
        }
        for one in verdicts
    ]


def approvals_json(record: Record, plan: CoursePlan) -> str:
    """The contract's list: what waits, and each decision, newest first."""
    rows = [(one.since, _row(one, ApprovalState.WAITING, plan)) for one in record.waiting]
    rows += [(one.at, _row(one, one.state, plan)) for one in record.decisions]
    ordered = [row for _, row in sorted(rows, key=lambda pair: pair[0], reverse=True)]
    return json.dumps(ordered, ensure_ascii=False, indent=2) + "\n"


def approvals_text(record: Record, plan: CoursePlan, language: Language) -> str:
    """The same to read: what waits since when, then what was decided, by whom."""
    known = [course for version in record.versions.values() for course in version.courses]
    titles = {course.id: course.title for course in (*known, *plan.courses)}
    lines: list[str] = []
    if record.waiting:
        lines.append(text(language, "approvals.waiting"))
    for one in sorted(record.waiting, key=lambda one: one.since, reverse=True):
        since = _moment(one.since, plan, language)
        lines += [
            text(language, "approvals.waits_since", title=titles.get(one.course, one.course), since=since, checksum=one.checksum),
            f"    {_mails(one.mails, one.people, language)}",
            *(f"    {_in_short(reason, language)}" for reason in one.reasons),
        ]
    if record.decisions:
        lines += [*([""] if lines else []), text(language, "approvals.decided")]
    for decision in sorted(record.decisions, key=lambda one: one.at, reverse=True):
        told = text(
            language,
            f"approvals.state.{decision.state.value}",
            title=titles.get(decision.course, decision.course),
            by=decision.by,
            at=_moment(decision.at, plan, language),
        )
        comment = f" – {decision.comment}" if decision.comment else ""
        lines.append(f"{told} ({decision.checksum}){comment}")
    return "\n".join(lines or [text(language, "approvals.nothing")]) + "\n"


def decided_lines(made: Sequence[Decision], titles: Mapping[str, str], language: Language, *, enough: bool) -> tuple[str, ...]:
    """What a person has just decided, and what happens next; `enough` whether nobody else has to approve."""
    lines: list[str] = []
    for one in made:
        told = text(language, f"approvals.just_{one.word}", title=titles.get(one.course, one.course))
        lines.append(f"{told} {_mails(one.mails, one.people, language)}")
    follows = "next_rejected" if not any(one.approved for one in made) else "next" if enough else "next_second"
    lines.append(text(language, f"approvals.{follows}"))
    return tuple(lines)


def _item(one: Verdict, title: str, details: Details, language: Language, program: str) -> Item:
    lines = [title, _mails(one.mails, one.people, language)]
    if one.is_rejected:
        lines.append(text(language, "approvals.was_rejected"))
    # That the plan is changed says nothing more where something of its own is wrong.
    for reason in [reason for reason in one.reasons if reason is not WaitReason.PLAN] or one.reasons:
        lines += [text(language, f"approvals.reason.{reason.value}"), *details(one.course, reason, language)]
    ways = ("alone",) if one.is_rejected else ("alone", "reject_hint")
    return (*lines, *(text(language, f"approvals.{way}", program=program, checksum=one.checksum) for way in ways))


def _in_short(reason: WaitReason, language: Language) -> str:
    """The reason where nothing of what was found follows it: a preview has that."""
    told = text(language, f"approvals.reason.{reason.value}")
    return f"{told[:-1]}." if told.endswith(":") else told


def _mails(mails: int, people: int, language: Language) -> str:
    """How many mails it would cause, and to how many; where an audience is not known, nobody can count them."""
    if not mails:
        return text(language, "approvals.uncounted" if people else "approvals.no_mails")
    return f"{plural(language, 'approvals.mails', mails)} {plural(language, 'approvals.people', people)}"


def _moment(at: datetime, plan: CoursePlan, language: Language) -> str:
    return short_moment_text(language, at.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None, second=0, microsecond=0))


def _row(one: Waiting | Decision, state: ApprovalState, plan: CoursePlan) -> dict[str, object]:
    decided = None if state is ApprovalState.WAITING else one
    return {
        "plan": plan.id,
        "checksum": one.checksum,
        "course": one.course,
        "state": state.value,
        "mails": one.mails,
        "people": one.people,
        "reasons": [reason.value for reason in one.reasons],
        "since": _instant(one.since),
        "by": getattr(decided, "by", None),
        "at": _instant(decided.at) if decided is not None else None,  # type: ignore[union-attr]
        "door": decided.door.value if decided is not None else None,  # type: ignore[union-attr]
        "comment": getattr(decided, "comment", None),
    }


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
