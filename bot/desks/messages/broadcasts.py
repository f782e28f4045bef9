"""Writing to the people of a course in HR's own words, the same at every door.

    write    words, and to whom; kept as a draft, so that nothing is lost on the way          raises BroadcastRefused
    look     who gets it in which language, who cannot be reached, and the mail itself        writes nothing
    try out  the mail to its writer alone, once for each language
    send     to exactly those who were shown, by the digest of what was; else nothing         raises BroadcastRefused
    stop     what has not been begun
    tell     what became of each, of a course

Whom it goes to and what makes two the same is `bot.domain.broadcasts`'. It goes by the mailbox's budget after
what tells of seats and before reminders, outside the plan's sending hours only where that is asked for, and
for two days at most. Everything raises DatabaseFailed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.domain.broadcasts import (
    BROADCAST,
    GROUP,
    LANGUAGE,
    LASTS,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    UNREACHABLE,
    Broadcast,
    BroadcastGroup,
    BroadcastProgress,
    BroadcastRecipient,
    BroadcastWords,
    broadcast_id,
    broadcast_key,
    groups_at,
    recipients_of,
    shown_digest,
    trial_key,
)
from bot.domain.errors import InputError
from bot.domain.messages import DeliveryState, Message
from bot.domain.participation import asked_by_link
from bot.domain.people import PeopleIndex
from bot.domain.templates import MessageKind
from bot.messages.broadcast import links_in, render_broadcast
from bot.messages.characters import one_line, typed
from bot.messages.plain_text import text_of
from bot.reminders.moments import sending_hours
from bot.rounds.steps.decide_seats import load_state, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.domain.actions import Action
    from bot.domain.broadcasts import Whereabouts
    from bot.domain.people import Language
    from bot.domain.plan import Course
    from bot.domain.registrations import Registration
    from bot.messages.notice import Rendered
    from bot.opening.work import BookWork

MADE_UP_PATH = "/p/eksempel"
_SUBJECT = ("broadcast_subject_missing", "broadcast_subject_too_long")
_TEXT = ("broadcast_text_missing", "broadcast_text_too_long")
EVER = datetime.min.replace(tzinfo=UTC)


class BroadcastRefused(InputError):
    """What was asked for is not done; `field` is the field of the form that it is about, "" for none."""

    def __init__(self, code: str, field: str = "", **params: object) -> None:
        super().__init__(code, **params)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBroadcastMail:
    """The mail in one language: to how many it goes, as it looks, as plain text, and where its links lead."""

    language: Language
    people: int
    mail: Rendered
    plain: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastLook:
    """What sending a draft would do now.

    `unreachable` are of the groups and get none. `digest` is what a press has to bring back. `waits_until`
    (UTC) is the next of the sending hours, None within them.
    """

    course: Course
    draft: Broadcast
    recipients: tuple[BroadcastRecipient, ...]
    unreachable: tuple[BroadcastRecipient, ...]
    mails: tuple[ShownBroadcastMail, ...]
    digest: str
    waits_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBroadcast:
    """One of a course's, with what became of its messages so far."""

    broadcast: Broadcast
    progress: BroadcastProgress

    @property
    def went(self) -> int:
        """How many have been sent; those that came back later not."""
        return self.progress.count(DeliveryState.SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """The people of a course as the books have them now."""

    course: Course
    rows: tuple[Registration, ...]
    asked: frozenset[str]
    people: PeopleIndex


def group_counts(
    work: BookWork, course: str, places: Sequence[Whereabouts]
) -> list[dict[BroadcastGroup, int]]:
    """How many are in each group at each of these places; raises InputError for an unknown course."""
    room = _room(work, course)
    found = []
    for where in places:
        groups = [*groups_at(room.course, where, room.rows, room.asked).values()]
        found.append({group: groups.count(group) for group in BroadcastGroup})
    return found


def write_broadcast(
    work: BookWork,
    where: Whereabouts,
    groups: Iterable[BroadcastGroup],
    words: Mapping[Language, tuple[str, str]],
    *,
    by: str,
    instead_of: str = "",
) -> Broadcast:
    """Keep the draft, in the place of one that it corrects.

    The same words to the same people that were sent before are that one. `words` map a language to subject
    and text; what is empty in both was not written. Raises BroadcastRefused.
    """
    _known(work, where)
    chosen = tuple(group for group in BroadcastGroup if group in set(groups))
    if not chosen:
        raise BroadcastRefused("broadcast_nobody_chosen", "to")
    said = tuple(_words(work, words))
    made = Broadcast(
        plan=work.plan.id,
        id=broadcast_id(work.plan.id, where, chosen, said),
        where=where,
        groups=chosen,
        words=said,
        by=by,
        written_at=work.now(),
    )
    work.stores.broadcasts.save_draft(made, instead_of=instead_of)
    return work.stores.broadcasts.load_broadcast(work.plan.id, made.id) or made


def look_at_broadcast(work: BookWork, draft: Broadcast) -> BroadcastLook:
    """What sending it would do now; raises InputError for a course that is gone, or a broken text of HR's."""
    room = _room(work, draft.where.course)
    languages = {one.language for one in draft.words}
    groups = groups_at(room.course, draft.where, room.rows, room.asked)
    meant = recipients_of(
        groups, draft.groups, languages=languages, plan=work.plan, people=room.people, rows=room.rows
    )
    returned = _returned(work, room.people)
    recipients = tuple(one for one in meant if one.email not in returned)
    hours, now = sending_hours(work.plan), work.now()
    return BroadcastLook(
        course=room.course,
        draft=draft,
        recipients=recipients,
        unreachable=tuple(one for one in meant if one.email in returned),
        mails=tuple(_shown(work, room, draft, words, recipients) for words in draft.words),
        digest=shown_digest(draft.id, recipients),
        waits_until=None if hours.allows(now) else hours.next_after(now),
    )


def send_broadcast(
    work: BookWork, draft: Broadcast, digest: str, *, by: str, at_once: bool, noted: Iterable[Action]
) -> bool:
    """Send it to those who were shown; False where somebody else has sent it by now, which is as good.

    `at_once`: also outside the sending hours. Raises BroadcastRefused where others would get it than were
    shown, or nobody.
    """
    look = look_at_broadcast(work, draft)
    if look.digest != digest:
        raise BroadcastRefused("broadcast_changed", people=len(look.recipients))
    if not look.recipients:
        raise BroadcastRefused("broadcast_nobody", "to")
    now = work.now()
    goes_from = now if at_once or look.waits_until is None else look.waits_until
    sent = replace(
        draft,
        sent_at=now,
        sent_by=by,
        goes_from=goes_from,
        expires_at=goes_from + LASTS,
        people=len(look.recipients),
    )
    outgoing = [
        _message(sent, one, key=broadcast_key(sent.id, one.email), now=now) for one in look.recipients
    ]
    return work.stores.broadcasts.send_broadcast(sent, outgoing, noted=noted)


def try_out_broadcast(work: BookWork, draft: Broadcast, *, to: str) -> None:
    """Send it to one's own address, in each of its languages, once."""
    now = work.now()
    look = look_at_broadcast(work, draft)
    group = next((one.group for one in look.recipients), draft.groups[0])
    work.stores.outbox.add_messages(
        replace(
            _message(
                draft,
                _oneself(to, group, words.language),
                key=trial_key(draft.id, words.language, to),
                now=now,
            ),
            expires_at=now + LASTS,
        )
        for words in draft.words
    )


def stop_broadcast(work: BookWork, broadcast: Broadcast, *, by: str, noted: Iterable[Action]) -> int:
    """Stop what has not been begun, and return how many that were."""
    return work.stores.broadcasts.stop_broadcast(
        work.plan.id, broadcast.id, by=by, at=work.now(), noted=noted
    )


def broadcasts_of(work: BookWork, course: str) -> tuple[ToldBroadcast, ...]:
    """What was written to the people of a course, drafts too; what was written last comes first."""
    book, plan = work.stores.broadcasts, work.plan.id
    found = book.load_broadcasts(plan, course=course)
    progress = book.load_progress(plan, course=course) if any(one.sent_at for one in found) else {}
    nothing = BroadcastProgress(states={})
    return tuple(ToldBroadcast(broadcast=one, progress=progress.get(one.id, nothing)) for one in found)


def broadcast_troubles(work: BookWork, broadcast: Broadcast) -> tuple[Message, ...]:
    """Its messages that did not arrive, or of which nobody can say, by address."""
    listed = work.stores.outbox.load_messages(
        work.plan.id, course=broadcast.where.course, kind=MessageKind.BROADCAST
    )
    mine = (one for one in listed if one.key == broadcast_key(broadcast.id, one.email) and one.error)
    return tuple(sorted(mine, key=lambda one: one.email))


def _known(work: BookWork, where: Whereabouts) -> None:
    course = work.plan.known_course(where.course)
    offering = course.offering(where.offering) if where.offering else None
    if where.offering and offering is None:
        raise BroadcastRefused("broadcast_place_unknown", "where")
    if where.session and where.session not in {one.id for one in (offering.sessions if offering else ())}:
        raise BroadcastRefused("broadcast_place_unknown", "where")


def _words(work: BookWork, words: Mapping[Language, tuple[str, str]]) -> Iterable[BroadcastWords]:
    """Those that were written, the plan's language first."""
    own = work.plan.language
    for language in sorted(words, key=lambda language: (language is not own, language)):
        subject, text = one_line(words[language][0]), typed(words[language][1])
        if not (subject or text) and language is not own:
            continue
        _check(f"subject_{language.value}", subject, LONGEST_SUBJECT, _SUBJECT)
        _check(f"text_{language.value}", text, LONGEST_TEXT, _TEXT)
        yield BroadcastWords(language=language, subject=subject, text=text)


def _check(field: str, said: str, longest: int, codes: tuple[str, str]) -> None:
    missing, too_long = codes
    if not said:
        raise BroadcastRefused(missing, field)
    if len(said) > longest:
        raise BroadcastRefused(too_long, field, count=len(said), longest=longest)


def _room(work: BookWork, course: str) -> _Room:
    work.plan.known_course(course)
    state = load_state(work.plan, work.stores, course=course)
    known = state.plan.known_course(course)
    return _Room(
        course=known,
        rows=rows_of(state),
        asked=frozenset(asked_by_link(known, state.announced, state.members)),
        people=state.people,
    )


def _returned(work: BookWork, people: PeopleIndex) -> frozenset[str]:
    """Who mails have come back from, as unknown or refused."""
    stores, plan = work.stores, work.plan.id
    reasons = {reason.value for reason in UNREACHABLE}
    invitations = {one.email for one in stores.bounces.load_bounces(plan) if one.reason in UNREACHABLE}
    mails = {one.email for one in stores.outbox.load_failed(plan, since=EVER) if one.error in reasons}
    return frozenset(map(people.canonical, invitations | mails))


def _shown(
    work: BookWork,
    room: _Room,
    draft: Broadcast,
    words: BroadcastWords,
    recipients: Sequence[BroadcastRecipient],
) -> ShownBroadcastMail:
    """As the first of its readers gets it."""
    readers = [one for one in recipients if one.language is words.language]
    first = readers[0] if readers else _oneself("", draft.groups[0], words.language)
    person, base = room.people.find(first.email), work.settings.web.base_url
    mail = render_broadcast(
        work.plan,
        room.course,
        draft.where,
        words,
        group=first.group,
        reader_name=person.name if person else "",
        language=words.language,
        link=f"{str(base).rstrip('/')}{MADE_UP_PATH}" if base is not None else None,
    )
    return ShownBroadcastMail(
        language=words.language,
        people=len(readers),
        mail=mail,
        plain=text_of(mail.html),
        links=links_in(words.text),
    )


def _oneself(email: str, group: BroadcastGroup, language: Language) -> BroadcastRecipient:
    return BroadcastRecipient(email=email, name="", group=group, language=language)


def _message(broadcast: Broadcast, to: BroadcastRecipient, *, key: str, now: datetime) -> Message:
    return Message(
        plan=broadcast.plan,
        key=key,
        kind=MessageKind.BROADCAST,
        course=broadcast.where.course,
        offering=broadcast.where.offering,
        email=to.email,
        created_at=now,
        expires_at=broadcast.expires_at,
        params=MappingProxyType(
            {BROADCAST: broadcast.id, GROUP: to.group.value, LANGUAGE: to.language.value}
        ),
    )
