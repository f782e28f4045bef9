"""What is left of a response message, and which words are about which answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.comments import LONGEST_COMMENT, AnswerComment, MeetingReply
from bot.domain.errors import GraphRefused
from bot.domain.events import LedgerEntry, ResponseStatus
from bot.domain.people import PeopleIndex
from bot.rounds.steps.collect_comments import MOST_LOOKED_UP, collect_comments, comments_of, worth_a_look, written_words
from tests.builders.samples import KEY, address, make_desired, make_entry, make_observed, make_person

NOW = datetime(2025, 3, 3, 8, tzinfo=UTC)
ANNA = address("anna")
NO = ResponseStatus.DECLINED
PEOPLE = PeopleIndex([replace(make_person("anna"), aliases=("a.alias@demo.example",))])
EVENT = make_desired("anna")
ENTRY: LedgerEntry = make_entry(EVENT, make_observed(EVENT))


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("", ""),
        ("  \r\n\r\n ", ""),
        ("Jeg er på ferie\r\n i hele marts. \n", "Jeg er på ferie i hele marts."),
        ("Syg\n\n-----Oprindelig aftale-----\nFra: HR\nEmne: Kursus", "Syg"),
        ("Syg\r\n-----Original Appointment-----\r\nFrom: HR", "Syg"),
        ("-----Original Appointment-----\nFrom: HR\nSent: i dag", ""),
        ("Må gå kl. 10.30\n________________________________\nMicrosoft Teams-møde", "Må gå kl. 10.30"),
        ("Nej\n*~*~*~*~*~*~*~*~*~*\nKursus", "Nej"),
        ("Nej tak\nFra: HR <hr@by.example>\nSendt: 3. marts 2025\nTil: Anna", "Nej tak"),
        ("Nej\n*From:* HR\n*Sent:* Monday", "Nej"),
        ("Nej\nWhen: Wednesday\nWhere: Sal 1", "Nej"),
        ("Hvornår: kan vi ellers?\nJeg vil gerne", "Hvornår: kan vi ellers? Jeg vil gerne"),
        ("Kommer 10 minutter for sent\n-- \nAnna Prøve\nLeder", "Kommer 10 minutter for sent"),
        ("Ja – men -- vist nok", "Ja – men -- vist nok"),
        ("Ja\nSendt fra min iPhone", "Ja"),
        ("Ja\nGet Outlook for iOS<https://aka.ms/o0ukef>", "Ja"),
        ("Sendt fra mødet af min chef", ""),
        ("\x1b[31mrød\x07\u202e", "[31mrød"),
        ("a\u2028b\x85c", "a b c"),
    ],
)
def test_the_words_end_where_outlook_a_phone_or_a_signature_begins(message: str, words: str) -> None:
    assert written_words(message) == words


def test_what_is_too_long_ends_at_a_word() -> None:
    words = written_words("ord " * 500)
    assert len(words) <= LONGEST_COMMENT
    assert words.endswith("ord…")
    assert len(written_words("a" * 100_000)) == LONGEST_COMMENT


def reply(text: str = "Syg", at: datetime = NOW, sender: str = ANNA, response: ResponseStatus = NO, identity: str = "") -> MeetingReply:
    return MeetingReply(message_id=identity or f"m-{at.isoformat()}", sender=sender, response=response, text=text, at=at)


def comment(text: str = "Syg", at: datetime = NOW, **more: object) -> AnswerComment:
    return replace(AnswerComment(key=KEY, email=ANNA, response=NO, text=text, at=at, seen_at=NOW), **more)  # type: ignore[arg-type]


def found(
    *replies: MeetingReply, known: tuple[AnswerComment, ...] = (), answered: bool = True, event: str = "event-1"
) -> tuple[AnswerComment, ...]:
    events = {one.message_id: event for one in replies}
    said = {(KEY, ANNA)} if answered else set()
    return comments_of(replies, events, {KEY: ENTRY}, said, PEOPLE, known, seen_at=NOW)


def test_the_last_words_of_a_person_about_a_session_are_kept_under_the_canonical_address() -> None:
    later = NOW + timedelta(hours=1)
    assert found(reply(), reply("Alligevel rask", later, "A.Alias@demo.example")) == (comment("Alligevel rask", later),)
    second = replace(ENTRY, key=replace(KEY, part=2))
    assert comments_of([reply()], {reply().message_id: "event-1"}, {second.key: second}, {(KEY, ANNA)}, PEOPLE, seen_at=NOW) == (comment(),)


def test_words_about_no_event_of_ours_or_without_an_answer_on_it_are_nobody_s() -> None:
    assert found(reply(), event="en-anden") == ()
    assert found(reply(), answered=False) == ()
    assert comments_of([reply()], {}, {KEY: ENTRY}, {(KEY, ANNA)}, PEOPLE, seen_at=NOW) == ()
    bare = replace(ENTRY, event_id=None)
    assert comments_of([reply()], {reply().message_id: ""}, {KEY: bare}, {(KEY, ANNA)}, PEOPLE, seen_at=NOW) == ()


def test_a_later_answer_without_words_takes_those_known_back_and_an_older_one_does_nothing() -> None:
    later = NOW + timedelta(hours=1)
    assert found(reply("", later), known=(comment(),)) == (comment("", later),)
    assert found(reply("", NOW - timedelta(hours=1)), known=(comment(),)) == ()
    assert found(reply(""), reply("", later)) == ()


def test_the_event_is_asked_for_where_there_are_new_words_or_there_were_some() -> None:
    later = NOW + timedelta(hours=1)
    silent, other = reply("", later), reply("Hej", NOW, address("bo"))
    assert worth_a_look([silent, other, reply("", NOW, address("carl"))], [], PEOPLE) == [other]
    assert worth_a_look([silent, reply()], [comment()], PEOPLE) == [silent]


@dataclass
class Mailbox:
    """Replies as the port promises them."""

    replies: tuple[MeetingReply, ...] = ()
    fails: bool = False
    since: list[datetime] = field(default_factory=list)

    async def fetch_replies(self, *, since: datetime) -> tuple[MeetingReply, ...]:
        self.since.append(since)
        if self.fails:
            raise GraphRefused("graph_refused", status=403, call="GET messages")
        return tuple(one for one in self.replies if one.at >= since)

    async def find_events(self, message_ids: list[str]) -> dict[str, str]:
        return dict.fromkeys(message_ids, "event-1")


@dataclass
class Book:
    """The comments in memory."""

    comments: tuple[AnswerComment, ...] = ()
    look: datetime | None = None
    newer: bool = False

    def load_comments(self, plan: str) -> tuple[AnswerComment, ...]:
        return self.comments

    def save_comments(self, plan: str, comments: tuple[AnswerComment, ...], *, looked_at: datetime) -> None:
        self.comments, self.look = tuple(comments), looked_at

    def last_look(self, plan: str) -> datetime | None:
        return self.look

    def has_answers_since(self, plan: str, at: datetime) -> bool:
        return self.newer

    def erase_comments(self, plan: str, courses: object) -> int:
        return 0


def collect(mailbox: Mailbox | None, book: Book, *, has_answers: bool = False, entries: dict[object, LedgerEntry] | None = None) -> int:
    return asyncio.run(
        collect_comments(
            mailbox, book=book, people=PEOPLE, entries={KEY: ENTRY} if entries is None else entries,
            answered=lambda: {(KEY, ANNA)}, plan="demo", has_answers=has_answers, now=NOW,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("book", "has_answers", "looks"),
    [
        (Book(), False, [NOW - timedelta(days=30, hours=1)]),
        (Book(look=NOW - timedelta(hours=2)), False, []),
        (Book(look=NOW - timedelta(hours=2)), True, [NOW - timedelta(hours=3)]),
        (Book(look=NOW - timedelta(hours=2), newer=True), False, [NOW - timedelta(hours=3)]),
        (Book(look=NOW - timedelta(days=1)), False, [NOW - timedelta(days=1, hours=1)]),
    ],
    ids=["first", "nothing new", "answers", "answers of a sync", "once a day"],
)
def test_the_mailbox_is_looked_at_when_there_may_be_words(book: Book, has_answers: bool, looks: list[datetime]) -> None:
    mailbox = Mailbox()
    collect(mailbox, book, has_answers=has_answers)
    assert mailbox.since == looks


def test_what_was_read_is_noted_with_the_look_and_a_refusal_leaves_both() -> None:
    book = Book()
    assert collect(Mailbox(fails=True), book) == 0
    assert (book.look, book.comments) == (None, ())
    assert collect(Mailbox((reply(at=NOW - timedelta(hours=1)),)), book) == 1
    assert (book.look, [one.text for one in book.comments]) == (NOW, ["Syg"])
    assert collect(None, Book()) == 0
    assert collect(Mailbox(), Book(), entries={}) == 0


def test_of_more_words_than_are_looked_up_at_once_the_rest_is_read_the_next_time() -> None:
    many = tuple(reply(at=NOW - timedelta(minutes=at), identity=f"m-{at}") for at in range(MOST_LOOKED_UP + 5))
    book = Book()
    collect(Mailbox(many), book)
    assert book.look == NOW - timedelta(minutes=5)
