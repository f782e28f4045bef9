"""HR's hand on one reminder of a course at the desk: seen, skipped, sent now, or left to the plan again.

    GET  /courses/{id}/reminder                 `rule`, `offering`, `session`, `about` say which: whom it is for, how it reads
    GET  /courses/{id}/reminder?act=…           what skipping (`skip`), sending (`send`) or undoing (`undo`) would do,
                                                for everybody or for one `person`                       decides nothing
    POST /courses/{id}/reminder                 that, if it is what was shown still                     then 303 back

What has changed since it was shown is 409 and the page as it is now; nothing is done then. To more than
`bot.domain.broadcasts.MANY` only somebody sends who has shown who they are within the hour. Addresses stand
in no URL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot.desks.hand.seat_words import name_of
from bot.desks.messages.reminder_hand import ReminderHand, WordRefused, WordWish
from bot.domain.approvals import Door
from bot.domain.broadcasts import MANY
from bot.domain.errors import InputError
from bot.domain.reminders import EVERYBODY, THE_CHANNEL, ReminderTopic, WordKind
from bot.domain.sign_in import Area
from bot.i18n.catalogue import error_text, text
from bot.i18n.sorting import danish_key
from bot.messages.characters import typed
from bot.web.desk.access import Caller, TurnedAway, caller_of
from bot.web.desk.downloads import own_document
from bot.web.desk.hand import LONGEST_REASON
from bot.web.desk.site import REMIND, DeskSite
from bot.web.error_pages import sorry
from bot.web.sign_in.routes import way_to_sign_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.desks.messages.reminder_readers import ReminderInHand, ReminderReader
    from bot.desks.plan_desk import PlanDesk
    from bot.domain.plan import Course

ACTS = {kind.value: kind for kind in WordKind}
WHEN_AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class _AskedReminder:
    """One visit: whose, about which reminder of which course, and about whom ("" for everybody)."""

    site: DeskSite
    request: Request
    caller: Caller
    desk: PlanDesk
    hand: ReminderHand
    course: Course
    reminder: ReminderInHand | None
    topic: ReminderTopic
    person: str

    def address(self, **more: str) -> str:
        """Where the reminder stands, with more in its query."""
        return reminder_address(self.desk.written.id, self.topic, **more)

    def wish(self, kind: WordKind) -> WordWish:
        return WordWish(topic=self.topic, email=self.person, kind=kind)

    def named(self, email: str) -> str:
        """What stands for a reader in addresses and forms."""
        return email if email == THE_CHANNEL else self.site.person_ids(self.hand.people).of(email)

    def called(self, email: str) -> str:
        """What a reader is called."""
        if email == THE_CHANNEL:
            return text(self.caller.language, "remind.channel")
        return name_of(self.hand.people, email)


def reminder_address(plan: str, topic: ReminderTopic, **more: str) -> str:
    """The page of one reminder; what is empty is left out."""
    said = {"plan": plan, "rule": topic.rule, "offering": topic.offering, "session": topic.session}
    chosen = {name: word for name, word in (said | {"about": topic.about} | more).items() if word}
    return f"/courses/{quote(topic.course, safe='')}/reminder?{urlencode(chosen)}"


def reminder_routes(site: DeskSite) -> APIRouter:
    """The routes of one desk."""
    routes = APIRouter()
    let_in = [Depends(site.access.to(Area.HAND))]

    @routes.get("/courses/{course}/reminder", dependencies=let_in)
    def show(
        request: Request, course: str, plan: str = "", rule: str = "", offering: str = "", session: str = "",
        about: str = "", act: str = "", person: str = "", done: str = "", mail: str = "",
    ) -> Response:  # fmt: skip
        topic = ReminderTopic(rule=rule, course=course, offering=offering, session=session, about=about)
        asked = _asked(site, request, plan, topic, person)
        try:
            if act in ACTS:
                return _look(asked, ACTS[act])
            if mail:
                return _as_it_looks(asked, mail)
            return _reminder(asked, done=done if done in ACTS else "")
        except InputError as error:
            return _reminder(asked, problem=error_text(asked.caller.language, error), status=409)

    @routes.post("/courses/{course}/reminder", dependencies=site.to_send(Area.HAND))
    def say(
        request: Request, course: str, plan: str = "", rule: str = "", offering: str = "", session: str = "",
        about: str = "",
        act: Annotated[str, Form()] = "", person: Annotated[str, Form()] = "",
        reason: Annotated[str, Form()] = "", when: Annotated[str, Form()] = "",
        digest: Annotated[str, Form()] = "",
    ) -> Response:  # fmt: skip
        topic = ReminderTopic(rule=rule, course=course, offering=offering, session=session, about=about)
        asked = _asked(site, request, plan, topic, person)
        kind = ACTS.get(act)
        if kind is None:
            raise TurnedAway(sorry("no_such_act", asked.caller.language, 404))
        return _say(asked, kind, reason=typed(reason), when=when, digest=digest)

    return routes


def _asked(site: DeskSite, request: Request, plan: str, topic: ReminderTopic, person: str) -> _AskedReminder:
    """Raises TurnedAway where there is no such plan, course or person."""
    caller = caller_of(request)
    desk = site.desk(caller, plan)
    course = desk.books.plan.course(topic.course)
    if course is None:
        raise TurnedAway(sorry("no_course", caller.language, 404))
    by = caller.visitor.email or caller.visitor.subject
    hand = ReminderHand(desk.books, topic.course, by=by, door=Door.DESK)
    reminder, email = hand.find(topic), person if person == THE_CHANNEL else EVERYBODY
    if person and not email:
        among = [one.email for one in reminder.readers] if reminder else []
        email = site.person_ids(hand.people).find(person, among=among) or ""
        if not email:
            raise TurnedAway(sorry("no_such_act", caller.language, 404))
    return _AskedReminder(
        site=site, request=request, caller=caller, desk=desk, hand=hand, course=course, reminder=reminder,
        topic=topic, person=email,
    )  # fmt: skip


def _say(asked: _AskedReminder, kind: WordKind, *, reason: str, when: str, digest: str) -> Response:
    if len(reason) > LONGEST_REASON:
        return _look(asked, kind, problem="reason_too_long", reason=reason, status=422)
    try:
        if kind is WordKind.SEND and not asked.caller.is_fresh:
            shown = asked.hand.look(asked.wish(kind))
            if len(shown.readers) > MANY:
                return _look(asked, kind, reason=reason, status=403)
        asked.hand.say(asked.wish(kind), digest=digest, reason=reason, at_once=when == WHEN_AT_ONCE)
    except WordRefused as error:
        said = error_text(asked.caller.language, error)
        if asked.reminder is None:
            return _reminder(asked, problem=said, status=409)
        return _look(asked, kind, says=said, reason=reason, status=409)
    asked.site.wake(asked.desk.written.id, REMIND)
    return RedirectResponse(asked.address(done=kind.value), 303)


def _reminder(asked: _AskedReminder, *, done: str = "", problem: str = "", status: int = 200) -> Response:
    """The reminder with its readers; of one that is over only what was done."""
    asked.desk.look(asked.caller.visitor, "messages", course=asked.topic.course)
    found = asked.reminder
    readers = sorted(found.readers if found else (), key=lambda one: danish_key(asked.called(one.email)))
    letters = asked.hand.look(asked.wish(WordKind.SKIP)).mails if found and not problem else ()
    return _page(
        asked, "reminder", status=status, done=done, problem=problem, letters=letters,
        readers=[(one, asked.called(one.email), _acts_of(asked, one)) for one in readers],
        called=asked.called,
    )  # fmt: skip


def _acts_of(asked: _AskedReminder, reader: ReminderReader) -> list[tuple[str, str]]:
    """What can be done about one reader: each act with its address."""
    acts = []
    if reader.is_open and not reader.is_sent_by_hand:
        acts += [WordKind.SKIP, WordKind.SEND]
    elif reader.is_skipped and not reader.is_final:
        acts.append(WordKind.SEND)
    word = reader.first.word
    if word is not None and word.email != EVERYBODY and not reader.is_final:
        acts.append(WordKind.UNDO)
    named = asked.named(reader.email)
    return [(kind.value, asked.address(act=kind.value, person=named)) for kind in acts]


def _look(
    asked: _AskedReminder, kind: WordKind, *, problem: str = "", says: str = "", reason: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    """What the word would do, with the form to say it."""
    look = asked.hand.look(asked.wish(kind))
    language = asked.caller.language
    is_many = kind is WordKind.SEND and len(look.readers) > MANY and not asked.caller.is_fresh
    refused = text(language, f"errors.{look.refused}") if look.refused else ""
    return _page(
        asked, "reminder_act", status=status, act=kind.value, look=look, reason=reason, letters=look.mails,
        problem=says or (text(language, f"remind.{problem}") if problem else ""), refused=refused,
        names=sorted((asked.called(one.email) for one in look.readers), key=danish_key),
        person=asked.named(asked.person) if asked.person else "", many=MANY,
        copied=_copied(asked, look.readers) if kind is not WordKind.UNDO else [],
        way=way_to_sign_in(asked.request, again=True) if is_many else "",
        form_address=asked.address(),
    )  # fmt: skip


def _copied(asked: _AskedReminder, readers: Iterable[ReminderReader]) -> list[tuple[str, str]]:
    """Who gets a copy of what these get, each with the leader it is about."""
    found = [(asked.called(copy.email), asked.called(one.email)) for one in readers for copy in one.copies]
    return sorted(found, key=lambda pair: (danish_key(pair[0]), danish_key(pair[1])))


def _as_it_looks(asked: _AskedReminder, number: str) -> Response:
    mails = asked.hand.look(asked.wish(WordKind.SKIP)).mails
    chosen = mails[int(number) - 1] if number.isdecimal() and 1 <= int(number) <= len(mails) else None
    if chosen is None or not chosen.html:
        raise TurnedAway(sorry("no_such_act", asked.caller.language, 404))
    return own_document(chosen.html)


def _page(asked: _AskedReminder, name: str, *, status: int, **facts: object) -> Response:
    back = f"/courses/{quote(asked.topic.course, safe='')}?" + urlencode(
        {"plan": asked.desk.written.id, "view": "messages"}
    )
    return asked.site.show(
        asked.request, asked.caller, Area.COURSES, name, status=status, desk=asked.desk,
        course=asked.course, reminder=asked.reminder, topic=asked.topic, back=back, address=asked.address,
        place=topic_place(asked.course, asked.topic), **facts,
    )  # fmt: skip


def topic_place(course: Course, topic: ReminderTopic) -> str:
    """Which of several offerings or sessions it is about, "" where there is one, or it is about all."""
    offering = course.offering(topic.offering) if topic.offering else None
    session = next((one for one in offering.sessions if one.id == topic.session), None) if offering else None
    parts = [offering.title or offering.id] if offering and len(course.offerings) > 1 else []
    if offering and session and len(offering.sessions) > 1:
        parts.append(session.title or session.id)
    return ", ".join(parts)
