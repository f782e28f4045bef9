"""What waits, and what was decided, in words and as the contract's JSON (pure).

Each course that waits says why, and what the ways out are: one line for each reason, with what was found.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.approvals.verdicts import is_decided
from bot.domain.approvals import ApprovalState, WaitReason
from bot.domain.people import Language
from bot.i18n.called_off import called_off_because
from bot.i18n.catalogue import text
from bot.i18n.clashes import clash_text
from bot.i18n.dates import short_moment_text
from bot.i18n.mails import mails_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.approvals.verdicts import Verdict
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
    waiting = [verdict for verdict in verdicts if verdict.waits]
    names = _names((verdict.course for verdict in waiting), titles)
    return tuple(_item(verdict, names[verdict.course], details, language, program) for verdict in waiting)


def rejected_items(
    verdicts: Iterable[Verdict], titles: Mapping[str, str], language: Language, *, program: str
) -> tuple[Item, ...]:
    """For each course whose change was rejected, and is written in the plan all the same.

    Its title, the mails, and the way back.
    """
    rejected = [verdict for verdict in verdicts if verdict.is_rejected]
    names = _names((verdict.course for verdict in rejected), titles)
    return tuple(
        (
            names[verdict.course],
            mails_text(language, mails=verdict.mails, people=verdict.people),
            text(language, "approvals.was_rejected", program=program, checksum=verdict.checksum),
        )
        for verdict in rejected
    )


def courses_json(verdicts: Iterable[Verdict]) -> list[dict[str, object]]:
    """`courses` of the contract's preview."""
    return [
        {
            "course": verdict.course,
            "checksum": verdict.checksum,
            "mails": verdict.mails,
            "people": verdict.people,
            "approval": verdict.consent.value,
            "reasons": [reason.value for reason in verdict.reasons],
            "rejected": verdict.is_rejected,
        }
        for verdict in verdicts
    ]


def still_waiting(record: Record, *, approvers: int) -> tuple[Waiting, ...]:
    """What waits by the books less what was decided since they were written.

    The next round of a sync takes it from there.
    """
    return tuple(
        item
        for item in record.waiting
        if not is_decided(record.decisions, item.course, item.checksum, approvers)
    )


def approvals_json(record: Record, plan: CoursePlan, *, approvers: int) -> str:
    """The contract's list: what waits, and each decision, newest first.

    `approvers`: how many people have to approve.

    Of one instant what was written down last comes first.
    """
    rows = [
        (item.since, _row(item, ApprovalState.WAITING, plan))
        for item in still_waiting(record, approvers=approvers)
    ]
    rows += [
        (decision.at, _row(decision, decision.state, plan)) for decision in _newest_first(record.decisions)
    ]
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
    waiting = _waiting_lines(still_waiting(record, approvers=approvers), titles, plan, language)
    lines = [*waiting, text(language, "approvals.how", program=program)] if waiting else []
    if record.decisions:
        heading = text(language, "approvals.decided")
        lines += ["", heading] if lines else [heading]
        lines += _decision_lines(record, titles, plan, language)
    return "\n".join(lines or [text(language, "approvals.nothing")]) + "\n"


def _waiting_lines(
    waiting: Sequence[Waiting], titles: Mapping[str, str], plan: CoursePlan, language: Language
) -> list[str]:
    """What waits, what has waited shortest first, under a heading; nothing where nothing does."""
    names = _names((item.course for item in waiting), titles)
    lines = [text(language, "approvals.waiting")] if waiting else []
    for item in sorted(waiting, key=lambda item: item.since, reverse=True):
        title, since = names[item.course], _moment(item.since, plan, language)
        lines += [
            text(language, "approvals.waits_since", title=title, since=since, checksum=item.checksum),
            f"    {mails_text(language, mails=item.mails, people=item.people)}",
            *_told(item.course, plan, language),
            *(f"    {clash_text(clash, language)}" for clash in item.clashes),
            *(f"    {_in_short(reason, language)}" for reason in worth_telling(item.reasons)),
        ]
    return lines


def _decision_lines(
    record: Record, titles: Mapping[str, str], plan: CoursePlan, language: Language
) -> Iterator[str]:
    latest: set[str] = set()
    for decision in _newest_first(record.decisions):
        decided = text(
            language,
            f"approvals.state.{decision.state.value}",
            title=titles.get(decision.course, decision.course),
            by=decision.by,
            at=_moment(decision.at, plan, language),
        )
        comment = f" – {decision.comment}" if decision.comment else ""
        yield f"{decided} ({decision.checksum}){comment}"
        # What was approved before was another change than the one that the plan gives a reason for now.
        if decision.approved and decision.course not in latest:
            yield from _told(decision.course, plan, language)
        latest.add(decision.course)


def _told(course: str, plan: CoursePlan, language: Language) -> tuple[str, ...]:
    """What those are told who lose a course, where somebody wrote it."""
    reason = called_off_because(plan, course, language=plan.for_course(course).language)
    return (f"    {text(language, 'approvals.told', reason=reason)}",) if reason else ()


def decided_lines(
    made: Sequence[Decision], titles: Mapping[str, str], language: Language, *, enough: bool
) -> tuple[str, ...]:
    """What a person has just decided, and what happens next; `enough` whether nobody else has to approve."""
    lines: list[str] = []
    for decision in made:
        title = titles.get(decision.course, decision.course)
        just_decided = text(language, f"approvals.just_{decision.word}", title=title)
        lines.append(f"{just_decided} {mails_text(language, mails=decision.mails, people=decision.people)}")
    is_approved = any(decision.approved for decision in made)
    after_a_yes = "next" if enough else "next_second"
    return (*lines, text(language, f"approvals.{after_a_yes if is_approved else 'next_rejected'}"))


def _newest_first(decisions: Sequence[Decision]) -> list[Decision]:
    """Of one instant the one that was written down last comes first."""
    ordered = sorted(enumerate(decisions), key=lambda pair: (pair[1].at, pair[0]), reverse=True)
    return [decision for _, decision in ordered]


def _item(verdict: Verdict, title: str, details: Details, language: Language, program: str) -> Item:
    lines = [title, mails_text(language, mails=verdict.mails, people=verdict.people)]
    for reason in worth_telling(verdict.reasons):
        lines += [
            text(language, f"approvals.reason.{reason.value}"),
            *details(verdict.course, reason, language),
        ]
    ways = ("alone", "reject_hint")
    return (
        *lines,
        *(text(language, f"approvals.{way}", program=program, checksum=verdict.checksum) for way in ways),
    )


def worth_telling(reasons: tuple[WaitReason, ...]) -> tuple[WaitReason, ...]:
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
    why = text(language, f"approvals.reason.{reason.value}")
    return f"{why[:-1]}." if why.endswith(":") else why


def _moment(at: datetime, plan: CoursePlan, language: Language) -> str:
    return short_moment_text(
        language, at.astimezone(ZoneInfo(plan.timezone)).replace(tzinfo=None, second=0, microsecond=0)
    )


def _row(item: Waiting | Decision, state: ApprovalState, plan: CoursePlan) -> dict[str, object]:
    decided = None if state is ApprovalState.WAITING else item
    clashes: tuple[WaitingClash, ...] = getattr(item, "clashes", ())
    return {
        "plan": plan.id,
        "checksum": item.checksum,
        "course": item.course,
        "state": state.value,
        "mails": item.mails,
        "people": item.people,
        "reasons": [reason.value for reason in item.reasons],
        "since": _instant(item.since),
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
