"""What somebody in Teams sees and does: every plan of the installation by its books, `bot.ports.chat_desk`.

The same desk as behind a person's link (`bot.desks.person.page`), by another door. Nothing in a press is
believed: what it is about is looked up for who pressed, and what cannot be done any more is answered with how
things are. Who answers for a leader sees the leader's courses beside their own, each with whose it is.

| pressed | then |
|---|---|
| a button that came before (`again`), or a card's own refresh | how things are; nothing is done |
| about a course that is not theirs, or is over | a kind word, and whom to write to |
| for somebody whom today's plan does not let them answer for | the same |
| what the course does not offer them by now | how things are, and why not |
| what is asked about first, and was not | the question |
| what has to be put right | the question, with what is wrong |
| anything else | done, and how things are then |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.cards.words import read_line, without_mentions
from bot.desks.person.books_seen import BooksSeen
from bot.desks.person.wishes import asks_first, what_happened
from bot.desks.teams.chat_lists import called, listed, nearest_first
from bot.desks.teams.chat_people import id_of, person_meant
from bot.domain.addresses import visible
from bot.domain.chat_views import (
    AskCard,
    CourseCard,
    CourseList,
    HelpCard,
    ListedCourse,
    QuestionsCard,
    StrangerCard,
    StrangerReason,
)
from bot.domain.conversations import ChatWish, Press, PressVerb
from bot.domain.links import EndedLink, LinkEnd
from bot.domain.notes import LONGEST_NOTE
from bot.domain.pages import OWN_WISHES, OwnWish
from bot.domain.seats import RefusalReason, RequestKind
from bot.messages.characters import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from bot.desks.person.page import BookDesk
    from bot.desks.teams.chat_people import Meant
    from bot.domain.chat_views import ChatAnswer
    from bot.domain.links import Grant
    from bot.domain.pages import PersonPage
    from bot.domain.people import Language
    from bot.domain.sign_in import Visitor

MOST_COURSES = 15
"""Of a list; the rest is counted."""
MOST_SHARED = 5
"""Courses that somebody chooses from to share one."""
QUESTION = "q."
"""What the fields for answers begin with."""
LISTS = {
    PressVerb.MINE: ChatWish.MINE,
    PressVerb.COMING: ChatWish.COMING,
    PressVerb.UNANSWERED: ChatWish.UNANSWERED,
}
KINDS = {kind.value: kind for kind in OWN_WISHES}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """What there is of somebody in all plans that they have to do with."""

    courses: tuple[ListedCourse, ...]
    language: Language
    contact: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _OpenCourse:
    """A course that is theirs, as its page stands."""

    desk: BookDesk
    grant: Grant
    page: PersonPage
    meant: Meant
    seen: BooksSeen

    def afresh(self) -> PersonPage:
        """The page as it is after what was decided; who is gone meanwhile keeps the one that they had."""
        page = self.desk.page(self.grant, seen=self.seen)
        return self.page if isinstance(page, EndedLink) else page

    def card(
        self,
        page: PersonPage | None = None,
        *,
        done: str = "",
        refused: RefusalReason | None = None,
        offering: str = "",
        again: bool = False,
    ) -> CourseCard:
        """How things are."""
        return CourseCard(
            plan=self.desk.plan,
            page=page or self.page,
            done=done,
            refused=refused,
            offering=offering,
            acts_for=self.meant.name,
            acts_for_id=self.meant.id,
            happened_before=again,
            link=self.desk.link(self.grant),
        )


class BookChatDesk:
    """`bot.ports.chat_desk.ChatDesk` over the desks by plan id.

    `on_decided` is told the plan in which something was decided. All raise DatabaseFailed.
    """

    def __init__(
        self, desks: Mapping[str, BookDesk], *, on_decided: Callable[[str], None] = lambda _plan: None
    ) -> None:
        self._desks, self._on_decided = desks, on_decided

    def written(self, visitor: Visitor, line: str, language: Language) -> ChatAnswer:
        """The answer to a line that somebody wrote."""
        own = self._own(visitor)
        if own is None:
            return self._stranger(StrangerReason.NO_PARTICIPANT, language)
        named = called(without_mentions(line), own.courses)
        if named:
            return self._named(visitor, own, named)
        wish, words = read_line(line)
        if wish in LISTS.values():
            return self._list(own, wish)
        found = called(words, own.courses) if wish is ChatWish.COURSE else []
        if found:
            return self._named(visitor, own, found)
        return HelpCard(language=own.language, contact=own.contact, misread=wish is not ChatWish.HELP)

    def pressed(self, visitor: Visitor, press: Press, language: Language, *, again: bool) -> ChatAnswer:
        """Do what was pressed by the table above, and answer how things are then."""
        if press.verb in LISTS or press.verb is PressVerb.HELP:
            return self._without_course(visitor, press.verb, language)
        opened = self._open(visitor, press, language)
        if isinstance(opened, StrangerCard):
            return opened
        if again or press.is_refresh:
            return opened.card(again=again, offering=press.offering)
        acts = {
            PressVerb.ASK: self._asked,
            PressVerb.DECIDE: self._decided,
            PressVerb.ANSWERS: self._answered,
            PressVerb.NOTE: self._noted,
        }
        return acts.get(press.verb, self._shown)(opened, press)

    def found(self, visitor: Visitor, words: str, language: Language) -> tuple[ChatAnswer, ...]:
        """The courses of which a card can be shared: the visitor's own, nearest first.

        Such a card is for others to read: what the visitor can do is not on it.
        """
        own = self._own(visitor)
        if own is None:
            return ()
        mine = [one for one in own.courses if not one.acts_for]
        meant = called(words, mine) if words.strip() else listed(ChatWish.COMING, mine, own.now)
        presses = (
            Press(verb=PressVerb.COURSE, plan=one.plan, course=one.course.course)
            for one in nearest_first(meant, own.now)[:MOST_SHARED]
        )
        opened = (self._open(visitor, press, language, with_actions=False) for press in presses)
        return tuple(one.card() for one in opened if isinstance(one, _OpenCourse))

    def _without_course(self, visitor: Visitor, verb: PressVerb, language: Language) -> ChatAnswer:
        own = self._own(visitor)
        if own is None:
            return self._stranger(StrangerReason.NO_PARTICIPANT, language)
        if verb is PressVerb.HELP:
            return HelpCard(language=own.language, contact=own.contact)
        return self._list(own, LISTS[verb])

    def _shown(self, opened: _OpenCourse, _press: Press) -> CourseCard:
        opened.desk.note_for(opened.meant.said, opened.page, did="person")
        return opened.card()

    def _own(self, visitor: Visitor) -> _Own | None:
        courses: list[ListedCourse] = []
        language: Language | None = None
        contacts: list[str] = []
        moments: list[datetime] = []
        for desk in self._each():
            own = desk.own_courses(visitor)
            led = [(one, desk.own_courses(visitor, one)) for one in desk.leaders(visitor)]
            if own is None and not led:
                continue
            courses += [ListedCourse(plan=desk.plan, course=one) for one in (own.courses if own else ())]
            courses += [
                ListedCourse(
                    plan=desk.plan, course=one, acts_for=who.name or who.email, acts_for_id=id_of(who)
                )
                for who, theirs in led
                for one in (theirs.courses if theirs else ())
            ]
            language = language or (own.language if own else None) or desk.language
            contacts.append(desk.contact)
            moments.append(desk.now())
        if language is None:
            return None
        return _Own(
            courses=tuple(courses),
            language=language,
            contact=next(filter(None, contacts), ""),
            now=min(moments),
        )

    def _each(self) -> Iterator[BookDesk]:
        return (desk for desk in map(self._desks.get, [*self._desks]) if desk is not None)

    def _named(self, visitor: Visitor, own: _Own, found: list[ListedCourse]) -> ChatAnswer:
        if len(found) > 1:
            return self._cut(own, ChatWish.COURSE, nearest_first(found, own.now))
        (one,) = found
        press = Press(
            verb=PressVerb.COURSE, plan=one.plan, course=one.course.course, acts_for=one.acts_for_id
        )
        return self.pressed(visitor, press, own.language, again=False)

    def _list(self, own: _Own, which: ChatWish) -> CourseList:
        return self._cut(own, which, listed(which, own.courses, own.now))

    def _cut(self, own: _Own, which: ChatWish, courses: list[ListedCourse]) -> CourseList:
        return CourseList(
            which=which,
            courses=tuple(courses[:MOST_COURSES]),
            language=own.language,
            contact=own.contact,
            now=own.now,
            left_out=max(len(courses) - MOST_COURSES, 0),
        )

    def _stranger(self, why: StrangerReason, language: Language, contact: str = "") -> StrangerCard:
        known = contact or next((desk.contact for desk in self._each() if desk.contact), "")
        return StrangerCard(language=language, why=why, contact=known)

    def _open(
        self, visitor: Visitor, press: Press, language: Language, *, with_actions: bool = True
    ) -> _OpenCourse | StrangerCard:
        desk = self._desks.get(press.plan)
        if desk is None:
            return self._stranger(StrangerReason.NOT_THEIRS, language)
        meant = person_meant(visitor, press, desk.leaders(visitor) if press.acts_for else ())
        if meant is None:
            return self._stranger(StrangerReason.NO_DELEGATE, language, desk.contact)
        seen = BooksSeen()
        grant = desk.own_grant(visitor, press.course, meant.leader, seen=seen)
        if grant is None:
            return self._stranger(StrangerReason.NOT_THEIRS, language, desk.contact)
        page = desk.page(grant, with_actions=with_actions, seen=seen)
        if isinstance(page, EndedLink):
            ended = page.why in {LinkEnd.EXPIRED, LinkEnd.GONE}
            why = StrangerReason.COURSE_ENDED if ended else StrangerReason.NOT_THEIRS
            return self._stranger(why, page.language, page.contact)
        return _OpenCourse(desk=desk, grant=grant, page=page, meant=meant, seen=seen)

    def _asked(self, opened: _OpenCourse, press: Press) -> ChatAnswer:
        """The question, where what is asked for is offered."""
        page, kind = opened.page, KINDS.get(press.kind)
        about = page.course.offering(press.offering)
        if kind is None or about is None or kind not in about.actions:
            return self._refused(opened, press)
        return self._question(opened, press, kind)

    def _decided(self, opened: _OpenCourse, press: Press) -> ChatAnswer:
        page, kind = opened.page, KINDS.get(press.kind)
        about = page.course.offering(press.offering)
        if kind is None or about is None:
            return self._refused(opened, press)
        answers = _answers(press)
        if not press.was_asked:
            if kind not in about.actions:
                return self._refused(opened, press)
            if asks_first(page, kind, about):
                return self._question(opened, press, kind)
        wish = OwnWish(
            kind=kind,
            offering=press.offering,
            reason=typed(press.typed.get("reason", "")),
            colleague=typed(visible(press.typed.get("colleague", ""))),
            answers=answers,
        )
        answer = opened.desk.decide(page, wish, opened.meant.said, seen=opened.seen)
        if answer.problem is not None or answer.answers:
            return AskCard(
                plan=opened.desk.plan,
                page=page,
                kind=kind,
                offering=press.offering,
                acts_for=opened.meant.name,
                acts_for_id=opened.meant.id,
                problem=answer.problem,
                answers=answer.answers,
                typed=press.typed,
            )
        after = opened.afresh()
        if answer.refused is not None:
            return opened.card(after, refused=answer.refused, offering=press.offering)
        opened.desk.note_for(opened.meant.said, page, did=kind.value)
        self._on_decided(opened.desk.plan)
        done = what_happened(kind, after.course.offering(press.offering))
        return opened.card(after, done=done, offering=press.offering)

    def _question(self, opened: _OpenCourse, press: Press, kind: RequestKind) -> AskCard:
        return AskCard(
            plan=opened.desk.plan,
            page=opened.page,
            kind=kind,
            offering=press.offering,
            acts_for=opened.meant.name,
            acts_for_id=opened.meant.id,
            typed=press.typed,
        )

    def _refused(self, opened: _OpenCourse, press: Press) -> CourseCard:
        """How things are, and why what was pressed cannot be."""
        kind = KINDS.get(press.kind)
        if opened.page.course.offering(press.offering) is None:
            reason = RefusalReason.UNKNOWN_OFFERING
        elif kind is None:
            reason = RefusalReason.NOTHING_TO_DO
        else:
            reason = opened.desk.why_not(opened.page, kind, press.offering)
        return opened.card(refused=reason, offering=press.offering)

    def _answered(self, opened: _OpenCourse, press: Press) -> ChatAnswer:
        """Keep what is answered; ask where the press brings no answer."""
        page, answers = opened.page, _answers(press)
        if not page.course.may_answer:
            return opened.card(refused=RefusalReason.NOTHING_TO_DO)
        problems = opened.desk.save_answers(page, answers, opened.meant.said) if answers else {}
        if problems or not answers:
            return QuestionsCard(
                plan=opened.desk.plan,
                page=page,
                acts_for=opened.meant.name,
                acts_for_id=opened.meant.id,
                answers=problems,
                typed=press.typed,
            )
        return opened.card(opened.afresh(), done="answers")

    def _noted(self, opened: _OpenCourse, press: Press) -> CourseCard:
        """Keep what is written to HR; a press without the field leaves what stands."""
        if "note" not in press.typed:
            return opened.card()
        note = typed(press.typed["note"])[:LONGEST_NOTE]
        opened.desk.save_note(opened.page, note)
        opened.desk.note_for(opened.meant.said, opened.page, did="note")
        return opened.card(opened.afresh(), done="note")


def _answers(press: Press) -> dict[str, str]:
    """What was answered, by question; a question that the card did not have is not there."""
    return {
        name.removeprefix(QUESTION): typed(value).strip()
        for name, value in press.typed.items()
        if name.startswith(QUESTION)
    }
