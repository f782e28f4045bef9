"""From the log of answers to who is coming: one registration for each person and offering (pure).

Lines of one session (its parts are one session), in the order they were given:

| line | the person's status for the session |
|---|---|
| none yet, and on the event | invited |
| accepted | registered |
| tentatively accepted | tentative |
| declined, never accepted | declined |
| declined, accepted before | withdrawn |
| left the audience (`departures`), registered | withdrawn, by rule |
| left the audience, withdrawn | withdrawn, as before |
| left the audience, otherwise | none: no row for the sake of this session |

Who is on the event now has not left: lines of leaving are void, and where the invitation is newer
than one, so are the answers before it, which were to another invitation.

Sessions of an offering together; the first line that fits:

| any session is | the offering is |
|---|---|
| registered | registered: one session takes a seat |
| tentative | tentative |
| invited | invited: there is still something to answer |
| withdrawn | withdrawn |
| declined | declined |
| (no status left) | no row |

Who chose another date of a `choose` course and was therefore taken off this one has no row here.
Speakers have none. An offering with no session in the books (past, cancelled, under way) keeps the
rows it had, but for people who have answered since.

Does not know seats, waiting lists or deadlines.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.events import ResponseStatus
from bot.domain.plan import EnrolmentMode
from bot.domain.registrations import Answer, AnswerSource, Registration, RegistrationStatus
from bot.registrations.responses import REAL_ANSWERS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.events import SessionKey
    from bot.domain.people import PeopleIndex
    from bot.domain.plan import CoursePlan

Status = RegistrationStatus
DECIDING = (Status.REGISTERED, Status.TENTATIVE, Status.INVITED, Status.WITHDRAWN, Status.DECLINED)
TAKES_PART = frozenset({Status.REGISTERED, Status.WAITLISTED})
OfferingId = tuple[str, str]
"""Course and offering."""


def fold_registrations(
    plan: CoursePlan,
    invited: Mapping[SessionKey, Mapping[str, datetime]],
    answers: Iterable[Answer],
    people: PeopleIndex,
    previous: Iterable[Registration] = (),
) -> tuple[Registration, ...]:
    """The registrations by the tables above, sorted by course, offering, address.

    `invited` has a key for every session (or part) whose event is in the books and settled, and maps
    the people on it (no rooms) to the instant of their invitation, UTC; `previous` are
    the registrations of the last time. Equal for equal input in any order.
    """
    standing = _standing(invited, people)
    lines = _lines(answers, people)
    before: defaultdict[OfferingId, dict[str, Registration]] = defaultdict(dict)
    for one in previous:
        before[one.course, one.offering][people.canonical(one.email)] = one
    speakers = {course.id: {people.canonical(one.email) for one in course.speakers if one.email} for course in plan.courses}
    rows: dict[tuple[str, str, str], Registration] = {}
    for offering in {*standing, *lines, *before}:
        sessions, said = standing.get(offering, {}), lines.get(offering, {})
        kept = {} if offering in standing else before[offering]
        everybody = {email for on_event in sessions.values() for email in on_event} | said.keys() | kept.keys()
        for email in everybody - speakers.get(offering[0], set()):
            mine = said.get(email, [])
            row: Registration | None = kept.get(email)
            if row is None or any(line.responded_at > row.since for line in mine):
                row = _fold_person(
                    offering, email, {name: on_event[email] for name, on_event in sessions.items() if email in on_event}, mine
                )
            if row is not None:
                rows[*offering, email] = _named(row, email, people)
    choosing = {course.id for course in plan.courses if course.enrolment.mode is EnrolmentMode.CHOOSE}
    taken = {(one.course, one.email) for one in rows.values() if one.course in choosing and one.status in TAKES_PART}
    return tuple(one for _, one in sorted(rows.items()) if not (_left_by_rule(one) and (one.course, one.email) in taken))


def departures(
    invited: Mapping[SessionKey, Mapping[str, datetime]],
    answers: Iterable[Answer],
    people: PeopleIndex,
    previous: Iterable[Registration] = (),
    *,
    open_sessions: Collection[SessionKey],
    now: datetime,
) -> tuple[Answer, ...]:
    """The lines to append for people who answered, were invited, and are no longer on the event.

    Only for `open_sessions` (those that have not ended, first parts): afterwards nobody gives up a
    seat any more. Whoever never was invited has not left.
    """
    standing = _standing(invited, people)
    were_invited = {(row.course, row.offering, people.canonical(row.email)) for row in previous if row.invited}
    found: list[Answer] = []
    for offering, said in _lines(answers, people).items():
        for email, lines in said.items():
            last = {line.key: line for line in lines}
            for key, line in last.items():
                ours = (*offering, email) in were_invited or any(one.known for one in lines if one.key == key)
                on_event = standing.get(offering, {}).get(key.session)
                if not ours or on_event is None or email in on_event or key not in open_sessions or _is_departure(line):
                    continue
                gone = replace(line, response=ResponseStatus.DECLINED, responded_at=now, seen_at=now, source=AnswerSource.RULE, known=True)
                found.append(gone)
    return tuple(sorted(found, key=lambda line: (str(line.key), line.email)))


def _standing(
    invited: Mapping[SessionKey, Mapping[str, datetime]], people: PeopleIndex
) -> dict[OfferingId, dict[str, dict[str, datetime]]]:
    """Offering to session id to canonical address to the first instant of the invitation; parts are one session."""
    standing: defaultdict[OfferingId, dict[str, dict[str, datetime]]] = defaultdict(dict)
    for key, on_event in invited.items():
        session = standing[key.course, key.offering].setdefault(key.session, {})
        for address, instant in on_event.items():
            email = people.canonical(address)
            session[email] = min(instant, session.get(email, instant))
    return dict(standing)


def _lines(answers: Iterable[Answer], people: PeopleIndex) -> dict[OfferingId, dict[str, list[Answer]]]:
    """Offering to canonical address to the real answers in the order they were given, each once; parts are one session."""
    merged = [_settled(line, people) for line in answers if line.response in REAL_ANSWERS]
    found: defaultdict[OfferingId, dict[str, list[Answer]]] = defaultdict(dict)
    seen: set[tuple[SessionKey, str, str, datetime]] = set()
    for line in sorted(merged, key=_order):
        identity = (line.key, line.email, line.response.value, line.responded_at)
        if identity not in seen:
            seen.add(identity)
            found[line.key.course, line.key.offering].setdefault(line.email, []).append(line)
    return dict(found)


def _settled(line: Answer, people: PeopleIndex) -> Answer:
    email = people.canonical(line.email)
    if email == line.email and line.key.part == 1:
        return line
    return replace(line, key=replace(line.key, part=1), email=email)


def _order(line: Answer) -> tuple[datetime, datetime, str, str, str, bool, str]:
    return line.responded_at, line.seen_at, str(line.key), line.response.value, line.source.value, line.known, line.name


def _fold_person(offering: OfferingId, email: str, on_event: Mapping[str, datetime], said: Sequence[Answer]) -> Registration | None:
    """One person's row; `on_event` maps the sessions they are on now to the instant of the invitation."""
    lines = [line for line in said if not _is_void(line, said, on_event)]
    by_session = dict.fromkeys(on_event, Status.INVITED)
    seated: set[str] = set()
    first = min(on_event.values(), default=None)
    now = (_together(by_session.values()), first, AnswerSource.OUTLOOK)
    for line in lines:
        _step(by_session, seated, line)
        status = _together(by_session.values())
        if status is not now[0]:
            now = (status, line.responded_at, line.source)
    status, since, source = now
    if status is Status.INVITED:
        since, source = first, AnswerSource.OUTLOOK
    if status is None or since is None:
        return None
    return Registration(
        course=offering[0],
        offering=offering[1],
        email=email,
        name=lines[-1].name if lines else "",
        status=status,
        since=since,
        source=source,
        invited=bool(on_event) or any(line.known for line in said),
        answers=tuple(sorted(by_session.items())) if len(by_session) > 1 else (),
    )


def _is_departure(line: Answer) -> bool:
    return line.source is AnswerSource.RULE and line.response is ResponseStatus.DECLINED


def _is_void(line: Answer, said: Sequence[Answer], on_event: Mapping[str, datetime]) -> bool:
    instant = on_event.get(line.key.session)
    if instant is None:
        return False
    left = [one.responded_at for one in said if one.key == line.key and _is_departure(one) and one.responded_at <= instant]
    return _is_departure(line) or (bool(left) and line.responded_at <= max(left))


def _step(by_session: dict[str, Status], seated: set[str], line: Answer) -> None:
    session = line.key.session
    match line.response:
        case ResponseStatus.ACCEPTED:
            by_session[session] = Status.REGISTERED
            seated.add(session)
        case ResponseStatus.TENTATIVE:
            by_session[session] = Status.TENTATIVE
        case _ if not _is_departure(line):
            by_session[session] = Status.WITHDRAWN if session in seated else Status.DECLINED
        case _ if by_session.get(session) is Status.REGISTERED:
            by_session[session] = Status.WITHDRAWN
        case _ if by_session.get(session) is not Status.WITHDRAWN:
            by_session.pop(session, None)


def _together(statuses: Collection[Status]) -> Status | None:
    return next((status for status in DECIDING if status in statuses), None)


def _left_by_rule(row: Registration) -> bool:
    return row.status is Status.WITHDRAWN and row.source is AnswerSource.RULE


def _named(row: Registration, email: str, people: PeopleIndex) -> Registration:
    person = people.find(email)
    name = (person.name if person else "") or row.name
    department = (person.department if person else "") or row.department
    if (email, name, department) == (row.email, row.name, row.department):
        return row
    return replace(row, email=email, name=name, department=department)
