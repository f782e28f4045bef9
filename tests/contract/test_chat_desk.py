"""The bot's desk with a real database: the same seats, lists and messages as by the page, whatever is pressed twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from bot.cards.answers import render_answer
from bot.desks.person.page import BookDesk
from bot.desks.teams.chat import BookChatDesk
from bot.domain.chat_views import AskCard, CourseCard, CourseList, HelpCard, QuestionsCard, StrangerCard, StrangerReason
from bot.domain.conversations import ChatWish, Press, PressVerb, read_press
from bot.domain.enrolment import EnrolmentMode
from bot.domain.events import LedgerEntry, LedgerState, ResponseStatus
from bot.domain.pages import OwnWish, SaidBy
from bot.domain.people import Language, Person
from bot.domain.plan import AudienceRule
from bot.domain.questions import Question
from bot.domain.registrations import Answer, AnswerSource, RegistrationStatus
from bot.domain.seats import RefusalReason, RequestKind
from bot.domain.sign_in import Visitor
from bot.opening.stores import open_stores
from bot.rounds.steps.decide_seats import load_state, rows_of, settled, write
from config.settings import Settings
from tests.contract.two_courses import COURSES, NOW, PLAN, key
from tests.databases import ORDERS_ON_SQLITE

ADDRESSES = tuple(f"p{number}@demo.example" for number in range(4))
PEOPLE = tuple(Person(email=one, name=one[:2].upper(), directory_id=f"id-{one[:2]}") for one in ADDRESSES)
QUESTION = Question(id="mad", text="Mad?", required=True, keep_days=30)
CHOOSE, GIVE_UP = RequestKind.CHOOSE.value, RequestKind.GIVE_UP.value
S = RegistrationStatus
TITLES = {"k": "Førstehjælp i hverdagen", "x": "Førstehjælp for ledere"}


def plan_with(**facts):
    rule = AudienceRule(id="alle", name="Alle", groups=("alle@demo.example",))
    courses = tuple(
        replace(
            one,
            title=TITLES[one.id],
            audience=("alle",),
            enrolment=replace(one.enrolment, mode=EnrolmentMode.SIGNUP, waiting_list=facts.get("waiting_list", True)),
            questions=facts.get("questions", ()) if one.id == "k" else (),
        )
        for one in PLAN.courses
    )
    return replace(PLAN, audiences=(rule,), courses=courses)


def visitor(number):
    return Visitor(subject=f"id-p{number}", email="", name="", roles=frozenset(), proved_at=None)


STRANGER = Visitor(subject="id-ingen", email="", name="", roles=frozenset(), proved_at=None)


@pytest.fixture
def settings(database_url):
    web = {"base_url": "https://kurser.demo.example", "secret_key": "a-secret-of-chance-for-the-office-0123456789"}
    return Settings(database_url=database_url, now=NOW, graph={"base_url": "http://127.0.0.1:1"}, web=web)


@pytest.fixture
def stores(settings):
    """Four people of one audience, two courses of two seats each, and nobody has answered."""
    with open_stores(settings) as opened:
        opened.books.people.save_people("demo", PEOPLE, now=NOW)
        opened.books.audiences.save_members("demo", {"alle": frozenset(ADDRESSES)}, now=NOW)
        opened.books.ledger.save_entries(
            LedgerEntry(
                key=key(one),
                state=LedgerState.APPLIED,
                transaction_id=one,
                event_id=one,
                subject=one,
                start=NOW + timedelta(days=40),
                end=NOW + timedelta(days=40, hours=3),
                desired_fields={},
                observed_fields={},
                desired_attendees={},
                invited_since={},
            )
            for one in COURSES
        )
        yield opened


class Chat:
    """The bot's desk over one plan, and what it told the service."""

    def __init__(self, settings, stores, plan=None):
        self.plan, self.stores = plan or plan_with(), stores
        self.desk, self.told = BookDesk(settings, self.plan, stores), []
        self.chat = BookChatDesk({"demo": self.desk}, on_decided=self.told.append)

    def press(self, number, verb=PressVerb.DECIDE, *, again=False, course="k", **facts):
        press = Press(**{"verb": verb, "plan": "demo", "course": course, "offering": "main"} | facts)
        who = number if isinstance(number, Visitor) else visitor(number)
        return self.chat.pressed(who, press, Language.DA, again=again)

    def write(self, line, who=None):
        return self.chat.written(who or visitor(0), line, Language.EN)

    def rows(self):
        return rows_of(load_state(self.plan, self.stores))

    def log(self):
        return [one for _, one in self.stores.seats.load_log("demo")]


@pytest.fixture
def chat(settings, stores):
    return Chat(settings, stores)


def on_page(chat, number, kind, offering="main"):
    page = chat.desk.page(chat.desk.own_grant(visitor(number), "k"))
    return chat.desk.decide(page, OwnWish(kind=RequestKind(kind), offering=offering))


def test_a_sign_up_in_teams_is_one_on_the_page_but_for_its_door(settings, stores, chat):
    """The same transition, the same place on the lists, the same messages: none where the calendar says it."""
    answer = chat.press(0, kind=CHOOSE)
    assert isinstance(answer, CourseCard)
    assert (answer.done, answer.refused, answer.page.course.offering("main").status) == ("seat", None, S.REGISTERED)
    assert answer.link.startswith("https://kurser.demo.example/p/")
    assert not on_page(chat, 1, CHOOSE).refused
    by_teams, by_page = (one.after for one in chat.log())
    assert by_teams == replace(by_page, email=ADDRESSES[0], source=AnswerSource.TEAMS, by=ADDRESSES[0])
    assert {one.email: one.source for one in chat.rows()} == {
        ADDRESSES[0]: AnswerSource.TEAMS,
        ADDRESSES[1]: AnswerSource.WEB,
    }
    assert chat.told == ["demo"]
    assert not load_state(chat.plan, stores).messages


def test_a_place_in_line_by_teams_brings_the_message_that_the_page_brings(stores, chat):
    for number in (0, 1):
        chat.press(number, kind=CHOOSE)
    assert chat.press(2, kind=CHOOSE).done == "line"
    on_page(chat, 3, CHOOSE)
    in_line = load_state(chat.plan, stores).messages
    assert {one.email: one.kind for one in in_line} == dict.fromkeys(ADDRESSES[2:], in_line[0].kind)
    assert len(in_line) == 2


def test_what_is_pressed_again_or_asked_by_the_client_decides_nothing(chat):
    for facts in ({"again": True}, {"is_refresh": True}):
        answer = chat.press(0, kind=CHOOSE, **facts)
        assert (answer.done, answer.happened_before) == ("", "again" in facts)
    assert not chat.log()
    assert not chat.told


def test_what_cannot_be_undone_is_asked_about_first_and_done_by_the_cards_own_yes(chat):
    """The button that the card draws, read as it comes back."""
    chat.press(0, kind=CHOOSE)
    asked = chat.press(0, kind=GIVE_UP)
    assert isinstance(asked, AskCard)
    assert len(chat.log()) == 1
    yes = render_answer(asked)["actions"][0]
    press = read_press(yes["verb"], yes["data"] | {"reason": "Jeg er syg"})
    done = chat.chat.pressed(visitor(0), press, Language.DA, again=False)
    assert (done.done, chat.log()[-1].after.reason) == ("given_up", "Jeg er syg")


def test_a_stale_press_is_answered_with_how_things_are_and_why_not(settings, stores):
    chat = Chat(settings, stores, plan_with(waiting_list=False))
    for number in (0, 1):
        chat.press(number, kind=CHOOSE)
    for verb in (PressVerb.DECIDE, PressVerb.ASK):
        full = chat.press(2, verb, kind=CHOOSE)
        assert (full.refused, full.page.course.offering("main").free) == (RefusalReason.FULL, 0)
        assert chat.press(0, verb, kind=CHOOSE).refused is RefusalReason.NOTHING_TO_DO
    assert chat.press(0, kind=CHOOSE, offering="væk").refused is RefusalReason.UNKNOWN_OFFERING
    assert chat.press(0, kind="enrol").refused is RefusalReason.NOTHING_TO_DO
    assert len(chat.log()) == 2


def test_whoever_takes_a_seat_answers_the_courses_questions_first(settings, stores):
    chat = Chat(settings, stores, plan_with(questions=(QUESTION,)))
    asked = chat.press(0, kind=CHOOSE)
    assert isinstance(asked, AskCard)
    assert not asked.answers
    wrong = chat.press(0, kind=CHOOSE, was_asked=True, typed={"q.mad": " "})
    assert isinstance(wrong, AskCard)
    assert set(wrong.answers) == {"mad"}
    assert not chat.log()
    assert chat.press(0, kind=CHOOSE, was_asked=True, typed={"q.mad": "Vegansk"}).done == "seat"
    assert isinstance(chat.press(0, PressVerb.ANSWERS), QuestionsCard)
    assert isinstance(chat.press(0, PressVerb.ANSWERS, typed={"q.mad": ""}), QuestionsCard)
    assert chat.press(0, PressVerb.ANSWERS, typed={"q.mad": "Fisk"}).done == "answers"
    lines = stores.actions.load_actions("demo")
    assert [(one.command, one.door, one.by, one.subject) for one in lines] == [("answer", "teams", *ADDRESSES[:1] * 2)] * 2
    (kept,) = stores.question_answers.load_answers("demo")
    assert kept.answer == "Fisk"


def test_a_note_is_kept_and_a_press_without_one_leaves_it(chat):
    assert chat.press(0, PressVerb.NOTE, typed={"note": " Jeg kommer lidt senere "}).done == "note"
    assert chat.press(0, PressVerb.NOTE).page.course.note == "Jeg kommer lidt senere"
    assert chat.press(0, PressVerb.COURSE).page.course.note == "Jeg kommer lidt senere"


def test_lists_are_of_whoever_writes_nearest_first(chat):
    assert [one.course.course for one in chat.write("hvad mangler jeg at svare på").courses] == ["x", "k"]
    assert chat.write("mine kurser").courses == ()
    chat.press(0, kind=CHOOSE)
    mine = chat.write("mine kurser")
    assert isinstance(mine, CourseList)
    assert ([one.course.course for one in mine.courses], mine.language) == (["k"], Language.DA)
    assert [one.course.course for one in chat.press(0, PressVerb.UNANSWERED).courses] == ["x"]
    assert {one.course.course for one in chat.press(0, PressVerb.COMING).courses} == {"k", "x"}
    assert [one.course.course for one in chat.press(1, PressVerb.UNANSWERED).courses] == ["x", "k"]


def test_a_course_is_found_by_words_of_its_title(chat):
    assert chat.write("førstehjælp i hverdagen").page.course.course == "k"
    assert chat.write("Førstehjælp for ledere").page.course.course == "x"
    several = chat.write("førstehjælp")
    assert isinstance(several, CourseList)
    assert (several.which, len(several.courses)) == (ChatWish.COURSE, 2)
    assert chat.write("svømning") == HelpCard(language=Language.DA, contact="hr@demo.example", misread=True)
    assert chat.write("hjælp") == HelpCard(language=Language.DA, contact="hr@demo.example")
    assert [one.page.course.course for one in chat.chat.found(visitor(0), "ledere", Language.DA)] == ["x"]
    assert len(chat.chat.found(visitor(0), "", Language.DA)) == 2


def test_strangers_and_what_is_not_theirs_get_a_kind_word_and_nothing_else(chat):
    for answer in (chat.write("mine kurser", STRANGER), chat.write("hej", STRANGER), chat.press(STRANGER, PressVerb.HELP)):
        assert answer.why is StrangerReason.NO_PARTICIPANT
        assert answer.contact == "hr@demo.example"
    assert chat.chat.found(STRANGER, "", Language.DA) == ()
    for answer in (
        chat.press(STRANGER, kind=CHOOSE),
        chat.press(0, kind=CHOOSE, plan="anden"),
        chat.press(0, kind=CHOOSE, course="ukendt"),
    ):
        assert isinstance(answer, StrangerCard)
        assert (answer.why, answer.contact) == (StrangerReason.NOT_THEIRS, "hr@demo.example")
    assert chat.press(0, kind=CHOOSE, acts_for=ADDRESSES[1]).why is StrangerReason.NO_DELEGATE
    assert chat.press(0, PressVerb.COURSE, acts_for="ID-P0").page.email == ADDRESSES[0]
    assert not chat.log()


def test_two_who_press_for_the_last_seat_at_once_never_get_it_both(settings, stores):
    """Whoever is second is told so, or waits; seats are never above, at once and from several doors."""
    chat = Chat(settings, stores, plan_with(waiting_list=False))
    chat.press(0, kind=CHOOSE)
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda number: chat.press(number, kind=CHOOSE), (1, 2, 3)))
    seated = [one for one in answers if one.done == "seat"]
    assert len(seated) == 1
    assert {one.refused for one in answers if one not in seated} == {RefusalReason.FULL}
    assert sum(one.status is S.REGISTERED for one in chat.rows()) == 2


DOORS = ("outlook", "page", "teams")


def say_yes(chat, settings, door):
    """Yes to the first course by one door, and the round that reads Outlook after it."""
    match door:
        case "outlook":
            chat.stores.answers.append_answers(
                [
                    Answer(
                        key=key("k"),
                        email=ADDRESSES[0],
                        name="P0",
                        response=ResponseStatus.ACCEPTED,
                        responded_at=NOW - timedelta(minutes=5),
                        seen_at=NOW,
                    )
                ]
            )
        case "page":
            on_page(chat, 0, CHOOSE)
        case "teams":
            chat.press(0, kind=CHOOSE)


@pytest.mark.crossed
@ORDERS_ON_SQLITE
@pytest.mark.parametrize("rounds", [(True, True), (False, False)])
@pytest.mark.parametrize("doors", [*permutations(DOORS), *zip(DOORS, DOORS, strict=True)], ids="-".join)
@pytest.mark.parametrize("free", [2, 0])
def test_yes_by_several_doors_in_any_order_is_one_yes_told_once(settings, stores, doors, rounds, free):
    """Whether rounds come between the doors or not, with a seat and without: one state, one line, one message."""
    chat = Chat(settings, stores, plan_with())
    invited = dict.fromkeys(ADDRESSES, NOW - timedelta(days=3))
    entry = stores.books.ledger.load_entries("demo")[key("k")]
    stores.books.ledger.save_entries([replace(entry, desired_attendees=dict.fromkeys(ADDRESSES, "required"), invited_since=invited)])
    for number in (1, 2)[: 2 - free]:
        chat.press(number, kind=CHOOSE)
    before = len(chat.log())
    for door, has_round in zip(doors, (*rounds, True), strict=False):
        say_yes(chat, settings, door)
        if has_round:
            write(stores, settled(load_state(chat.plan, stores), settings, now=NOW), now=NOW)
    write(stores, settled(load_state(chat.plan, stores), settings, now=NOW), now=NOW)
    mine = [one for one in chat.log()[before:] if one.after.email == ADDRESSES[0]]
    (row,) = (one for one in chat.rows() if one.email == ADDRESSES[0] and one.course == "k")
    assert row.status is (S.REGISTERED if free else S.WAITLISTED)
    assert row.said is S.REGISTERED
    assert [one.after.status for one in mine if one.is_seen and one.before is not one.after.status] == [row.status]
    told = [one for one in load_state(chat.plan, stores).messages if one.email == ADDRESSES[0]]
    # Outlook itself has told who said yes there; page and Teams confirm a seat on an event that they were on already.
    assert len(told) == (0 if free and doors[0] == "outlook" else 1)
    assert [one.course.course for one in chat.write("hvad mangler jeg").courses] == ["x"]


def test_what_somebody_does_or_sees_for_another_stands_in_the_log(stores, chat):
    page = chat.desk.page(chat.desk.own_grant(visitor(0), "k"))
    said = SaidBy(source=AnswerSource.TEAMS, by=ADDRESSES[3])
    chat.desk.note_for(said, page, did="person")
    chat.desk.note_for(replace(said, by=""), page, did="person")
    chat.desk.decide(page, OwnWish(kind=RequestKind.CHOOSE, offering="main"), said)
    (line,) = stores.actions.load_actions("demo")
    assert (line.by, line.subject, line.door, line.command) == (ADDRESSES[3], ADDRESSES[0], "teams", "person")
    assert [(one.after.by, one.after.email) for one in chat.log()] == [(ADDRESSES[3], ADDRESSES[0])]


def test_a_press_reads_people_and_course_once_and_shows_what_the_books_then_say(settings, stores, chat, monkeypatch):
    """Whatever is pressed: the card is the one that anybody would get who looked at the books anew."""
    read = []
    for book, name in ((type(stores.books.people), "load_people"), (type(stores.outbox), "load_messages")):
        before = getattr(book, name)
        monkeypatch.setattr(book, name, lambda *of, _name=name, _before=before, **some: read.append(_name) or _before(*of, **some))
    for number, kind in ((0, CHOOSE), (1, CHOOSE), (2, CHOOSE), (3, CHOOSE), (0, GIVE_UP), (2, GIVE_UP), (0, CHOOSE)):
        read.clear()
        answer = chat.press(number, kind=kind, was_asked=True)
        assert sorted(read) == ["load_messages", "load_people"]
        assert (answer.done, answer.refused) != ("", None)
        anew = chat.desk.page(chat.desk.own_grant(visitor(number), "k"))
        assert answer.page == anew


def test_who_decides_between_looking_and_pressing_is_seen(settings, stores, chat, monkeypatch):
    """What was read is not decided by where somebody else was quicker."""
    before = type(stores.seats).append
    quicker = []

    def append(book, plan, *lines, **facts):
        if not quicker:
            quicker.append(1)
            assert not on_page(chat, 1, CHOOSE).refused
            assert not on_page(chat, 2, CHOOSE).refused
        return before(book, plan, *lines, **facts)

    monkeypatch.setattr(type(stores.seats), "append", append)
    answer = chat.press(0, kind=CHOOSE)
    assert (answer.done, answer.page.course.offering("main").position) == ("line", 1)
    assert {one.email: one.status for one in chat.rows()} == {
        ADDRESSES[0]: S.WAITLISTED,
        ADDRESSES[1]: S.REGISTERED,
        ADDRESSES[2]: S.REGISTERED,
    }
