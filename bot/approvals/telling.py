"""What waits, and what was decided, in words and as the contract's JSON (pure).

Each course that waits says why, and what the ways out are: one line for each reason, with what was found.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.approvals.weighing import is_decided
from bot.domain.approvals import ApprovalState, WaitReason
from bot.domain.people import Language
from bot.i18n.called_off import called_off_because
from bot.i18n.catalogue import plural, text
from bot.i18n.clashes import clash_text
from bot.i18n.dates import short_moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.approvals.weighing import Verdict
    from bot.domain.approvals import Decision, Record, Waiting, WaitingClash
    from bot.domain.plan import CoursePlan

Item = tuple[str, ...]
Details = Callable[[str, WaitReason, Language], tuple[str, ...]]
"""From a course that waits and one of its reasons to what was found, in a language."""


def waiting_items(
    verdicts: Iterable[Verdict],
    titles: Mapping[str, str],
    details: Details,
    language: Language,
    *,
    program: str,
) -> tuple[Item, ...]:
    """For each course that waits: its title with the mails, why, the ways out, and how to approve it alone.

    `details` gives what was found, for a reason. Two that are called the same have their ids with them.
    """
    waiting = [one for one in verdicts if one.waits]
    names = _names((one.course for one in waiting), titles)
    return tuple(_item(one, names[one.course], details, language, program) for one in waiting)


def rejected_items(
    verdicts: Iterable[Verdict], titles: Mapping[str, str], language: Language, *, program: str
) -> tuple[Item, ...]:
    """For each course whose change was rejected, and is written in the plan all the same.

    Its title, the mails, and the way back.
    """
    rejected = [one for one in verdicts if one.is_rejected]
    names = _names((one.course for one in rejected), titles)
    return tuple(
        (
            names[one.course],
            _mails(one.mails, one.people, language),
            text(language, "approvals.was_rejected", program=program, checksum=one.checksum),
        )
        for one in rejected
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


def still_waiting(record: Record, *, approvers: int) -> tuple[Waiting, ...]:
    """What waits by the books less what was decided since they were written.

    The next round of a sync takes it from there.
    """
    return tuple(
        one for one in record.waiting if not is_decided(record.decisions, one.course, one.checksum, approvers)
    )


def approvals_json(record: Record, plan: CoursePlan, *, approvers: int) -> str:
    """The contract's list: what waits, and each decision, newest first.

    `approvers`: how many people have to approve.

    Of one instant what was written down last comes first.
    """
    rows = [
        (one.since, _row(one, ApprovalState.WAITING, plan))
        for one in still_waiting(record, approvers=approvers)
    ]
    rows += [(one.at, _row(one, one.state, plan)) for one in _newest_first(record.decisions)]
    ordered = [row for _, row in sorted(rows, key=lambda pair: pair[0], reverse=True)]
    return json.dumps(ordered, ensure_ascii=False, indent=2) + "\n"


def approvals_text(
    record: Record, plan: CoursePlan, language: Language, *, approvers: int, program: str = "kursusbot"
) -> str:
    """The same to read: what waits since when and how to decide, then what was decided, by whom."""
    known = [
        *(plan.whole or plan).courses,
        *(course for version in record.versions.values() for course in version.courses),
    ]
    titles = {course.id: course.title for course in (*known, *plan.courses)}
    lines: list[str] = []
    waiting = still_waiting(record, approvers=approvers)
    names = _names((one.course for one in waiting), titles)
    if waiting:
        lines.append(text(language, "approvals.waiting"))
    for one in sorted(waiting, key=lambda one: one.since, reverse=True):
        since = _moment(one.since, plan, language)
        lines += [
            text(
                language, "approvals.waits_since", title=names[one.course], since=since, checksum=one.checksum
            ),
            f"    {_mails(one.mails, one.people, language)}",
            *_told(one.course, plan, language),
            *(f"    {clash_text(clash, language)}" for clash in one.clashes),
            *(f"    {_in_short(reason, language)}" for reason in _worth_telling(one.reasons)),
        ]
    if waiting:
        lines.append(text(language, "approvals.how", program=program))
    if record.decisions:
        lines += [*([""] if lines else []), text(language, "approvals.decided")]
    latest: set[str] = set()
    for decision in _newest_first(record.decisions):
        told = text(
            language,
            f"approvals.state.{decision.state.value}",
            title=titles.get(decision.course, decision.course),
            by=decision.by,
            at=_moment(decision.at, plan, language),
        )
        comment = f" – {decision.comment}" if decision.comment else ""
        lines.append(f"{told} ({decision.checksum}){comment}")
        # What was approved before was another change than the one that the plan gives a reason for now.
        if decision.approved and decision.course not in latest:
            lines += _told(decision.course, plan, language)
        latest.add(decision.course)
    return "\n".join(lines or [text(language, "approvals.nothing")]) + "\n"


def _told(course: str, plan: CoursePlan, language: Language) -> tuple[str, ...]:
    """What those are told who lose a course, where somebody wrote it."""
    reason = called_off_because(plan, course, language=plan.for_course(course).language)
    return (f"    {text(language, 'approvals.told', reason=reason)}",) if reason else ()


def decided_lines(
    made: Sequence[Decision], titles: Mapping[str, str], language: Language, *, enough: bool
) -> tuple[str, ...]:
    """What a person has just decided, and what happens next; `enough` whether nobody else has to approve."""
    lines: list[str] = []
    for one in made:
        told = text(language, f"approvals.just_{one.word}", title=titles.get(one.course, one.course))
        lines.append(f"{told} {_mails(one.mails, one.people, language)}")
    follows = (
        "next_rejected" if not any(one.approved for one in made) else "next" if enough else "next_second"
    )
    lines.append(text(language, f"approvals.{follows}"))
    return tuple(lines)


def _newest_first(decisions: Sequence[Decision]) -> list[Decision]:
    """Of one instant the one that was written down last comes first."""
    ordered = sorted(enumerate(decisions), key=lambda pair: (pair[1].at, pair[0]), reverse=True)
    return [one for _, one in ordered]


def _item(one: Verdict, title: str, details: Details, language: Language, program: str) -> Item:
    lines = [title, _mails(one.mails, one.people, language)]
    for reason in _worth_telling(one.reasons):
        lines += [text(language, f"approvals.reason.{reason.value}"), *details(one.course, reason, language)]
    ways = ("alone", "reject_hint")
    return (
        *lines,
        *(text(language, f"approvals.{way}", program=program, checksum=one.checksum) for way in ways),
    )


def _worth_telling(reasons: tuple[WaitReason, ...]) -> tuple[WaitReason, ...]:
    """That the plan is changed says nothing more where something of its own is wrong."""
    return tuple(reason for reason in reasons if reason is not WaitReason.PLAN) or reasons


def _names(courses: Iterable[str], titles: Mapping[str, str]) -> dict[str, str]:
    """What to call each of these courses, by id.

    Its title, with the id where another one has the same (an id was changed).
    """
    called = {course: titles.get(course, course) for course in courses}
    often = Counter(called.values())
    return {course: title if often[title] == 1 else f"{title} ({course})" for course, title in called.items()}


def _in_short(reason: WaitReason, language: Language) -> str:
    """The reason where nothing of what was found follows it: a preview has that."""
    told = text(language, f"approvals.reason.{reason.value}")
    return f"{told[:-1]}." if told.endswith(":") else told


def _mails(mails: int, people: int, language: Language) -> str:
    """How many mails it would cause, and to how many.

    Where an audience is not known, nobody can count them.
    """
    if not mails:
        return text(language, "approvals.uncounted" if people else "approvals.no_mails")
    return f"{plural(language, 'approvals.mails', mails)} {plural(language, 'approvals.people', people)}"


def _moment(at: datetime, plan: CoursePlan, language: Language) -> str:
    return short_moment_text(
        language, at.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None, second=0, microsecond=0)
    )


def _row(one: Waiting | Decision, state: ApprovalState, plan: CoursePlan) -> dict[str, object]:
    decided = None if state is ApprovalState.WAITING else one
    clashes: tuple[WaitingClash, ...] = getattr(one, "clashes", ())
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
        "clashes": [
            {
                "kind": clash.kind,
                "titles": list(clash.titles),
                "start": clash.start.isoformat(),
                "end": clash.end.isoformat(),
                "count": clash.count,
            }
            for clash in clashes
        ],
    }


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
