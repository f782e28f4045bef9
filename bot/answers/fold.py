"""From the log of answers to claims: what each person has said in Outlook about each offering (pure).

Lines of one session (its parts are one session), in the order they were given:

| line | the person's claim for the session |
|---|---|
| none yet, and on the event | invited |
| accepted | registered |
| tentatively accepted | tentative |
| declined, never accepted | declined |
| declined, accepted before | withdrawn |
| a line of leaving (written by earlier versions), registered | withdrawn, by rule |
| a line of leaving, withdrawn | withdrawn, as before |
| a line of leaving, otherwise | none: no claim for the sake of this session |

An answer belongs to the invitation that it was given to. Who is on the event now has not left: lines of
leaving are void, and where the invitation is newer than one, so are the answers before it. So is an answer
that we had read before the invitation was made: it was to an event that is gone, or to another date. (Both
instants are by our own clock. Where the books are lost, answers are read anew with the event, and count.) So
are the answers to a session that the plan has replaced or dropped, while the offering has other dates (for
who is on none of those yet, once its event is gone): a no to what is left is not outweighed by a yes to what
goes. Where the offering itself goes, `bot.seats.plan_changes` says what becomes of it.

Sessions of an offering together; the first line that fits:

| any session is | the offering is |
|---|---|
| registered | registered: one session takes a seat |
| tentative | tentative |
| invited | invited: there is still something to answer |
| withdrawn | withdrawn |
| declined | declined |
| (no claim left) | no claim |

Who speaks has none, but for the sessions that they are invited to as one of the audience as well. What
somebody on the offering's events answers to a session that is not theirs (a colleague forwarded it) is no
answer. A claim is not yet a registration: whether there is a seat, `bot.seats.settle` decides, and what is
shown in the end, `bot.registrations.standing_rows` and `bot.registrations.own_sessions`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from bot.answers.responses import REAL_ANSWERS
from bot.domain.events import ResponseStatus
from bot.domain.registrations import Answer, AnswerSource, RegistrationStatus
from bot.domain.seats import Claim

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from bot.domain.events import SessionKey
    from bot.domain.people import PeopleIndex, Person
    from bot.domain.plan import CoursePlan

Status = RegistrationStatus
DECIDING = (Status.REGISTERED, Status.TENTATIVE, Status.INVITED, Status.WITHDRAWN, Status.DECLINED)
OfferingId = tuple[str, str]
"""Course and offering."""


def fold_claims(
    plan: CoursePlan,
    invited: Mapping[SessionKey, Mapping[str, datetime]],
    answers: Iterable[Answer],
    people: PeopleIndex,
    members: Mapping[str, frozenset[str]] | None = None,
) -> tuple[Claim, ...]:
    """The claims by the tables above, sorted by course, offering, address.

    `invited` has a key for every session (or part) whose event is in the books and settled, and maps the
    people on it (no rooms) to the instant of their invitation, UTC; `members` are the audiences as last read,
    by canonical address. Equal for equal input in any order.
    """
    on_events, lines = _on_events(invited, people), _lines(answers, people)
    speakers = _speaking(plan, people, members or {})
    claims: dict[tuple[str, str, str], Claim] = {}
    for key in {*on_events, *lines}:
        sessions, lines_of = on_events.get(key, {}), lines.get(key, {})
        offering = plan.offering(*key)
        planned = offering.sessions if offering is not None else ()
        dated = frozenset(session.id for session in planned if session.start is not None)
        for email in {address for on_event in sessions.values() for address in on_event} | lines_of.keys():
            invited_to = {name: on_event[email] for name, on_event in sessions.items() if email in on_event}
            said = _Said(invited_to=invited_to, lines=lines_of.get(email, []))
            said = _to_what_is_left(said, dated, sessions.keys())
            said = _to_ones_own(_as_audience(said, key[1], speakers.get((key[0], email))))
            claim = _fold_person(key, email, said, several=len(planned) > 1, person=people.find(email))
            if claim is not None:
                claims[*key, email] = claim
    return tuple(claim for _, claim in sorted(claims.items()))


class _Said(NamedTuple):
    """What a claim is made of: when somebody was invited to which session, and their answers in order."""

    invited_to: Mapping[str, datetime]
    lines: Sequence[Answer]


def _to_what_is_left(said: _Said, dated: AbstractSet[str], in_books: AbstractSet[str]) -> _Said:
    """Without the answers to sessions that the plan has dropped, while the offering has other dates.

    Those to sessions `in_books` count for who is on none of the `dated` ones yet.
    """
    if not dated:
        return said
    if not said.lines and said.invited_to.keys() <= dated:
        return said
    stays = {name: since for name, since in said.invited_to.items() if name in dated}
    counted = dated if stays else dated | in_books
    lines = [line for line in said.lines if line.key.session in counted]
    return _Said(invited_to=stays or said.invited_to, lines=lines)


def _as_audience(said: _Said, offering: str, speaking: frozenset[tuple[str, str]] | None) -> _Said:
    """Of who speaks only what is said to the sessions that they are invited to with the audience."""
    if speaking is None:
        return said
    return _Said(
        invited_to={name: since for name, since in said.invited_to.items() if (offering, name) in speaking},
        lines=[line for line in said.lines if (offering, line.key.session) in speaking],
    )


def _to_ones_own(said: _Said) -> _Said:
    """Without the answers to sessions that are not the person's: a colleague forwarded them."""
    if not said.invited_to or not said.lines:
        return said
    lines = [line for line in said.lines if line.known or line.key.session in said.invited_to]
    return _Said(invited_to=said.invited_to, lines=lines)


def _speaking(
    plan: CoursePlan, people: PeopleIndex, members: Mapping[str, frozenset[str]]
) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """(Course, speaker) to the (offering, session) to which the speaker is invited with the audience."""
    return {
        (course.id, email): frozenset(
            (offering.id, session.id)
            for offering, session in course.sessions()
            if not course.enrolment.by_link
            and any(email in members.get(name, frozenset()) for name in course.audiences_of(session))
        )
        for course in plan.courses
        for email in (people.canonical(speaker.email) for speaker in course.speakers if speaker.email)
    }


def _on_events(
    invited: Mapping[SessionKey, Mapping[str, datetime]], people: PeopleIndex
) -> dict[OfferingId, dict[str, dict[str, datetime]]]:
    """Offering to session id to canonical address to the first instant of the invitation.

    Parts are one session.
    """
    on_events: defaultdict[OfferingId, dict[str, dict[str, datetime]]] = defaultdict(dict)
    for key, on_event in invited.items():
        session = on_events[key.course, key.offering].setdefault(key.session, {})
        for address, instant in on_event.items():
            email = people.canonical(address)
            session[email] = min(instant, session.get(email, instant))
    return dict(on_events)


def _lines(answers: Iterable[Answer], people: PeopleIndex) -> dict[OfferingId, dict[str, list[Answer]]]:
    """Offering to canonical address to the real answers in the order they were given, each once.

    Parts are one session.
    """
    merged = [_settled(line, people) for line in answers if line.response in REAL_ANSWERS]
    found: defaultdict[OfferingId, dict[str, list[Answer]]] = defaultdict(dict)
    seen: set[tuple[SessionKey, str, ResponseStatus, datetime]] = set()
    for line in sorted(merged, key=_order):
        identity = (line.key, line.email, line.response, line.responded_at)
        if identity not in seen:
            seen.add(identity)
            found[line.key.course, line.key.offering].setdefault(line.email, []).append(line)
    return dict(found)


def _settled(line: Answer, people: PeopleIndex) -> Answer:
    email = people.canonical(line.email)
    if email == line.email and line.key.part == 1:
        return line
    return replace(line, key=line.key.first, email=email)


def _order(line: Answer) -> tuple[datetime, datetime, str, str, str, bool, str]:
    return (
        line.responded_at,
        line.seen_at,
        str(line.key),
        line.response,
        line.source,
        line.known,
        line.name,
    )


def _fold_person(
    offering: OfferingId, email: str, said: _Said, *, several: bool, person: Person | None
) -> Claim | None:
    """One person's claim; `person` as the directory knows them, `several` sessions of the offering."""
    lines = [line for line in said.lines if not _is_void(line, said)]
    by_session, now = _follow(lines, said.invited_to)
    if now.status is None or now.since is None:
        return None
    name, department = _who(person, lines)
    accepted = (line.responded_at for line in lines if line.response is ResponseStatus.ACCEPTED)
    return Claim(
        course=offering[0],
        offering=offering[1],
        email=email,
        name=name,
        department=department,
        status=now.status,
        since=now.since,
        source=now.source,
        answered_at=max((line.responded_at for line in lines), default=None),
        accepted_at=max(accepted, default=None),
        invited=bool(said.invited_to) or any(line.known for line in said.lines),
        answers=tuple(sorted(by_session.items())) if several or len(by_session) > 1 else (),
    )


class _Now(NamedTuple):
    """What the offering is for somebody, since when (UTC), and by what."""

    status: Status | None
    since: datetime | None
    source: AnswerSource = AnswerSource.OUTLOOK


def _follow(lines: Sequence[Answer], invited_to: Mapping[str, datetime]) -> tuple[dict[str, Status], _Now]:
    """What each session is after these lines, and what all of them are together."""
    by_session = dict.fromkeys(invited_to, Status.INVITED)
    seated: set[str] = set()
    invited_at = min(invited_to.values(), default=None)
    if not lines:
        # Most people, before a deadline.
        return by_session, _Now(status=Status.INVITED if by_session else None, since=invited_at)
    now = _Now(status=_together(by_session.values()), since=invited_at)
    for line in lines:
        _step(by_session, seated, line)
        status = _together(by_session.values())
        if status is not now.status:
            now = _Now(status=status, since=line.responded_at, source=line.source)
    if now.status is Status.INVITED:
        now = _Now(status=Status.INVITED, since=invited_at)
    return by_session, now


def _is_departure(line: Answer) -> bool:
    return line.source is AnswerSource.RULE and line.response is ResponseStatus.DECLINED


def _is_void(line: Answer, said: _Said) -> bool:
    """Whether a line is of an invitation that is not the one they have now."""
    invited_at = said.invited_to.get(line.key.session)
    if invited_at is None:
        return False
    if line.seen_at < invited_at or _is_departure(line):
        return True
    left = [
        other.responded_at
        for other in said.lines
        if other.key == line.key and _is_departure(other) and other.responded_at <= invited_at
    ]
    return bool(left) and line.responded_at <= max(left)


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


def _who(person: Person | None, lines: Sequence[Answer]) -> tuple[str, str]:
    """Name and department: the directory's, else the name of the last answer."""
    said = lines[-1].name if lines else ""
    return (person.name or said, person.department) if person else (said, "")
