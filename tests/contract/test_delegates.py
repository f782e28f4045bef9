"""Who answers for a leader, in Teams and on the page, over real books: one state, whoever presses, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise, permutations, product

import pytest

from bot.desks.person.courses import leaders
from bot.desks.person.page import BookDesk
from bot.desks.teams.chat import BookChatDesk
from bot.domain.chat_views import CourseCard, CourseList, StrangerCard, StrangerReason
from bot.domain.conversations import Press, PressVerb
from bot.domain.delegates import Delegate
from bot.domain.enrolment import EnrolmentMode
from bot.domain.events import LedgerEntry, LedgerState
from bot.domain.links import EndedLink, LinkEnd
from bot.domain.pages import OwnWish
from bot.domain.people import Language, Person
from bot.domain.plan import AudienceRule
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import RequestKind
from bot.domain.sign_in import Visitor
from bot.opening.stores import open_stores
from bot.rounds.steps.decide_seats import load_state, rows_of, settled, write
from config.settings import Settings
from tests.contract.two_courses import COURSES, NOW, PLAN, key
from tests.databases import ORDERS_ON_SQLITE

BOSS, OTHER = "p0@demo.example", "p1@demo.example"
SEKR, STRANGE = "sekr@demo.example", "anden@demo.example"
PEOPLE = (
    Person(email=BOSS, name="Bo Chef", directory_id="id-p0"),
    Person(email=OTHER, name="Eva Chef", directory_id="id-p1"),
    Person(email=SEKR, name="Sia Sekretær", directory_id="id-sekr"),
)
CHOOSE, GIVE_UP = RequestKind.CHOOSE, RequestKind.GIVE_UP
S = RegistrationStatus


def plan_with(*pairs):
    rule = AudienceRule(id="alle", name="Alle", groups=("alle@demo.example",))
    courses = tuple(
        replace(one, audience=("alle",), enrolment=replace(one.enrolment, mode=EnrolmentMode.SIGNUP, waiting_list=True))
        for one in PLAN.courses
    )
    delegates = tuple(Delegate(leader=leader, by=by) for leader, by in pairs)
    return replace(PLAN, audiences=(rule,), courses=courses, delegates=delegates)


def visitor(name, email=""):
    return Visitor(subject=f"id-{name}", email=email, name="", roles=frozenset(), proved_at=None, vouches=bool(email))


ME, SECRETARY = visitor("p0"), visitor("sekr")


@pytest.fixture
def settings(database_url):
    web = {"base_url": "https://kurser.demo.example", "secret_key": "a-secret-of-chance-for-the-office-0123456789"}
    return Settings(database_url=database_url, now=NOW, graph={"base_url": "http://127.0.0.1:1"}, web=web)


@pytest.fixture
def stores(settings):
    with open_stores(settings) as opened:
        fill(opened)
        yield opened


def fill(stores):
    """Two leaders of one audience, and a secretary who is in none."""
    stores.books.people.save_people("demo", PEOPLE, now=NOW)
    stores.books.audiences.save_members("demo", {"alle": frozenset({BOSS, OTHER})}, now=NOW)
    stores.books.ledger.save_entries(
        LedgerEntry(
            key=key(one), state=LedgerState.APPLIED, transaction_id=one, event_id=one, subject=one,
            start=NOW + timedelta(days=40), end=NOW + timedelta(days=40, hours=3), desired_fields={}, observed_fields={},
            desired_attendees={}, invited_since={},
        )
        for one in COURSES
    )  # fmt: skip


class Office:
    """The bot's desk and the pages over one plan."""

    def __init__(self, settings, stores, plan):
        self.settings, self.stores, self.plan = settings, stores, plan
        self.desk = BookDesk(settings, plan, stores)
        self.chat = BookChatDesk({"demo": self.desk})

    def press(self, who, kind=CHOOSE, acts_for="", *, verb=PressVerb.DECIDE, again=False):
        press = Press(verb=verb, plan="demo", course="k", offering="main", kind=kind.value, acts_for=acts_for, was_asked=True)
        return self.chat.pressed(who, press, Language.DA, again=again)

    def page(self, who, leader=None):
        return self.desk.page(self.desk.own_grant(who, "k", leader))

    def does(self, who, door, kind):
        """The leader or the secretary, on the page or in Teams."""
        mine = who == "leader"
        if door == "teams":
            self.press(ME if mine else SECRETARY, kind, "" if mine else "id-p0")
        else:
            self.desk.decide(self.page(ME if mine else SECRETARY, None if mine else PEOPLE[0]), OwnWish(kind=kind, offering="main"))

    def settle(self):
        write(self.stores, settled(load_state(self.plan, self.stores), self.settings, now=NOW), now=NOW)

    def row(self):
        (row,) = [one for one in rows_of(load_state(self.plan, self.stores)) if (one.course, one.email) == ("k", BOSS)]
        return row


@pytest.fixture
def office(settings, stores):
    return Office(settings, stores, plan_with((BOSS, SEKR)))


def test_a_secretary_who_is_no_participant_sees_the_leaders_courses_and_for_whom(office):
    shown = office.chat.written(SECRETARY, "kommende", Language.DA)
    assert isinstance(shown, CourseList)
    assert [(one.acts_for, one.acts_for_id, one.course.course) for one in shown.courses] == [
        ("Bo Chef", "id-p0", "k"), ("Bo Chef", "id-p0", "x"),
    ]  # fmt: skip
    assert office.chat.found(SECRETARY, "", Language.DA) == ()


def test_the_press_is_the_leaders_seat_and_the_log_says_who(office):
    card = office.press(SECRETARY, acts_for="id-p0")
    assert isinstance(card, CourseCard)
    assert (card.acts_for, card.acts_for_id, card.done, card.page.email) == ("Bo Chef", "id-p0", "seat", BOSS)
    row = office.row()
    assert (row.status, row.answered_by, row.source) == (S.REGISTERED, SEKR, AnswerSource.TEAMS)
    (line,) = office.stores.actions.load_actions("demo")
    assert (line.by, line.subject, line.command, line.door) == (SEKR, BOSS, "choose", "teams")
    hers = office.page(ME).course.offering("main")
    assert (hers.status, hers.answered_by) == (S.REGISTERED, "Sia Sekretær")


def test_the_same_press_again_does_nothing(office):
    office.press(SECRETARY, acts_for="id-p0")
    office.press(ME, GIVE_UP)
    card = office.press(SECRETARY, acts_for="id-p0", again=True)
    assert (card.happened_before, card.done) == (True, "")
    assert office.row().status is S.WITHDRAWN


@pytest.mark.parametrize("whom", [OTHER, "id-p1", "id-ingen", SEKR, "*"])
def test_nobody_is_answered_for_but_by_whom_the_plan_names(settings, stores, whom):
    office = Office(settings, stores, plan_with((BOSS, SEKR), (OTHER, STRANGE), (SEKR, OTHER)))
    answer = office.press(SECRETARY, acts_for=whom)
    assert isinstance(answer, StrangerCard)
    assert answer.why in {StrangerReason.NO_DELEGATE, StrangerReason.NOT_THEIRS}
    passed_on = office.press(visitor("p1"), acts_for="id-p0")
    assert passed_on.why is StrangerReason.NO_DELEGATE
    assert office.stores.seats.load_log("demo") == ()


def test_an_address_that_nobody_vouches_for_answers_for_nobody(office):
    claimed = replace(visitor("fremmed", SEKR), vouches=False)
    assert leaders(office.plan, office.stores, claimed) == ()
    assert office.press(claimed, acts_for="id-p0").why is StrangerReason.NO_DELEGATE
    assert leaders(office.plan, office.stores, replace(claimed, email="", vouches=True)) == ()


def test_a_secretary_whom_the_books_do_not_know_is_known_by_the_address_that_is_vouched_for(settings, stores):
    office = Office(settings, stores, plan_with((BOSS, STRANGE)))
    card = office.press(visitor("ny", STRANGE), acts_for="id-p0")
    assert (card.done, card.page.by, office.row().answered_by) == ("seat", STRANGE, STRANGE)


def test_who_was_taken_out_of_the_plan_can_do_nothing_with_card_or_link(settings, stores, office):
    grant = office.desk.own_grant(SECRETARY, "k", PEOPLE[0])
    after = Office(settings, stores, plan_with((OTHER, SEKR)))
    assert after.press(SECRETARY, acts_for="id-p0").why is StrangerReason.NO_DELEGATE
    ended = after.desk.page(grant)
    assert isinstance(ended, EndedLink)
    assert ended.why is LinkEnd.NO_DELEGATE
    assert stores.seats.load_log("demo") == ()


@ORDERS_ON_SQLITE
@pytest.mark.parametrize("kinds", [(CHOOSE, CHOOSE, CHOOSE), (CHOOSE, GIVE_UP, CHOOSE), (CHOOSE, CHOOSE, GIVE_UP)])
@pytest.mark.parametrize("who", [*product(("leader", "delegate"), repeat=2)], ids="-".join)
@pytest.mark.parametrize("doors", [*permutations(("page", "teams", "page"), 3)][:3], ids="-".join)
def test_leader_and_delegate_in_any_order_are_one_person_told_once(settings, stores, who, kinds, doors):
    """As if the leader had said all of it: the same rows, the same messages, whoever spoke at which door."""
    office = Office(settings, stores, plan_with((BOSS, SEKR)))
    for name, kind, door in zip((*who, "leader"), kinds, doors, strict=True):
        office.does(name, door, kind)
        office.settle()
    row, told = office.row(), [one.kind for one in load_state(office.plan, stores).messages if one.email == BOSS]
    assert row.status is (S.REGISTERED if kinds[-1] is CHOOSE else S.WITHDRAWN)
    assert [one.email for one in load_state(office.plan, stores).messages if one.email != BOSS] == []
    moves = [one for _, one in stores.seats.load_log("demo") if one.is_seen and one.before is not one.after.status]
    changes = 1 + sum(one is not other for one, other in pairwise(kinds))
    assert (len(moves), len(told) <= len(moves)) == (changes, True)
