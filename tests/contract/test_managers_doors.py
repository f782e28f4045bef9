"""A sign-up that waits for a manager, asked for in Teams and answered at every door in any order: the first word decides, told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations, product

import pytest

from bot.desks.person.my_people import MyPeople
from bot.desks.person.page import BookDesk
from bot.desks.teams.chat import BookChatDesk
from bot.domain.chat_views import CourseCard
from bot.domain.conversations import Press, PressVerb
from bot.domain.enrolment import EnrolmentMode
from bot.domain.events import LedgerEntry, LedgerState
from bot.domain.links import Grant, Purpose
from bot.domain.manager_approval import ApprovalAsk, ApprovalRule, AskedOf
from bot.domain.people import Language, Person
from bot.domain.plan import AudienceRule
from bot.domain.registrations import AnswerSource, RegistrationStatus
from bot.domain.seats import RequestKind, SeatRequest
from bot.domain.sign_in import Visitor
from bot.domain.templates import MessageKind
from bot.opening.stores import open_stores
from bot.rounds.steps.decide_seats import decide, load_state, rows_of
from config.settings import Settings
from tests.contract.two_courses import NOW, PLAN, key

ANE, LEA = "ane@demo.example", "lea@demo.example"
PEOPLE = (Person(email=ANE, name="Ane", directory_id="id-ane"), Person(email=LEA, name="Lea", directory_id="id-lea"))
S = RegistrationStatus
LINK = Grant(purpose=Purpose.MANAGER, plan="demo", person=LEA, made_at=NOW)
GIVEN = {"page yes": True, "page no": False, "link yes": True, "link no": False, "hr": True}
TOLD = {"yes": [], "no": [MessageKind.DISAPPROVED], "hr": [MessageKind.SEAT_OFFERED]}


def visitor(number):
    return Visitor(subject=number, email="", name="", roles=frozenset(), proved_at=None)


class House:
    """The books of one course that asks for a manager's yes, with every door to them."""

    def __init__(self, settings, stores):
        only = next(one for one in PLAN.courses if one.id == "k")
        asking = replace(
            only, audience=("alle",), enrolment=replace(only.enrolment, mode=EnrolmentMode.SIGNUP), approval=ApprovalRule(), title="Kursus"
        )
        rule = AudienceRule(id="alle", name="Alle", groups=("alle@demo.example",))
        self.settings, self.stores, self.plan = settings, stores, replace(PLAN, audiences=(rule,), courses=(asking,))
        self.desk = BookDesk(settings, self.plan, stores)

    def sign_up_in_teams(self):
        """What the card says after the press."""
        chat = BookChatDesk({"demo": self.desk}, on_decided=lambda _plan: None)
        press = Press(verb=PressVerb.DECIDE, plan="demo", course="k", offering="main", kind=RequestKind.CHOOSE.value)
        answer = chat.pressed(visitor("id-ane"), press, Language.DA, again=False)
        _, standings = self.stores.seats.load_standings("demo", course=frozenset({"k"}))
        since = next(one.since for one in standings if one.email == ANE)
        ask = ApprovalAsk(
            course="k", offering="main", email=ANE, wished_at=since, who=AskedOf.MANAGER, approver=LEA, asked_at=NOW,
            due_at=NOW + timedelta(days=7), looked_at=NOW,
        )  # fmt: skip
        self.stores.manager_asks.save_asks("demo", [ask])
        return answer

    def say(self, door, shown):
        """Whether it counted; the pages were `shown` before anybody had answered."""
        if door == "hr":
            word = SeatRequest(
                kind=RequestKind.PROMOTE, course="k", offering="main", email=ANE, at=NOW, source=AnswerSource.HR, by="hr@demo.example"
            )
            return not decide(self.settings, self.plan, self.stores, [word]).refusals
        where, _, said = door.partition(" ")
        (one,) = shown[where].waiting
        if where == "link":
            return self.desk.managers().answer(shown[where], one.id, yes=said == "yes")
        return MyPeople(self.settings, self.plan, self.stores, visitor("id-lea")).answer(one.id, yes=said == "yes")

    def pages(self):
        signed_in = MyPeople(self.settings, self.plan, self.stores, visitor("id-lea")).page(Language.DA)
        return {"link": self.desk.managers().behind(LINK), "page": signed_in}

    def status(self):
        (row,) = [one for one in rows_of(load_state(self.plan, self.stores)) if one.email == ANE]
        return row.status

    def told(self):
        return [one.kind for one in self.stores.outbox.load_messages("demo") if one.email == ANE]


@pytest.fixture
def new_house(tmp_path):
    opened = []

    def make():
        number = len(opened)
        web = {"base_url": "https://kurser.demo.example", "secret_key": "a-secret-of-chance-for-the-office-0123456789"}
        url = f"sqlite:///{tmp_path}/books-{number}.db"
        settings = Settings(database_url=url, now=NOW, graph={"base_url": "http://127.0.0.1:1"}, web=web)
        opened.append(open_stores(settings))
        stores = opened[-1].__enter__()
        stores.books.people.save_people("demo", PEOPLE, now=NOW)
        stores.books.audiences.save_members("demo", {"alle": frozenset({ANE})}, now=NOW)
        start = NOW + timedelta(days=40)
        event = LedgerEntry(
            key=key("k"), state=LedgerState.APPLIED, transaction_id="k", event_id="k", subject="k", start=start, end=start,
            desired_fields={}, observed_fields={}, desired_attendees={}, invited_since={},
        )  # fmt: skip
        stores.books.ledger.save_entries([event])
        return House(settings, stores)

    yield make
    for one in opened:
        one.__exit__(None, None, None)


def test_a_sign_up_in_teams_waits_and_the_card_says_so(new_house):
    house = new_house()
    answer = house.sign_up_in_teams()
    assert isinstance(answer, CourseCard)
    assert (answer.done, answer.refused, answer.page.course.offering("main").status) == ("asked", None, S.AWAITING)
    assert house.status() is S.AWAITING
    assert house.told() in ([], [MessageKind.AWAITS_APPROVAL])


ORDERS = [order for words in product(("yes", "no"), repeat=2) for order in permutations((f"page {words[0]}", f"link {words[1]}", "hr"))]


@pytest.mark.parametrize("order", ORDERS, ids=", ".join)
def test_in_whatever_order_the_doors_answer_the_first_word_holds_and_is_told_once(new_house, order):
    """A no has its message; a seat after a yes is told by the invitation, HR's by a message as well."""
    house = new_house()
    house.sign_up_in_teams()
    shown, before = house.pages(), house.told()
    assert [house.say(door, shown) for door in (order[0], *order)] == [True, False, False, False]
    assert house.status() is (S.REGISTERED if GIVEN[order[0]] else S.DECLINED)
    assert house.pages()["page"] is None
    assert sorted(house.told()) == sorted(before + TOLD[order[0].rpartition(" ")[2]])
    doors = [one.door for one in house.stores.actions.load_actions() if one.command == "answer_sign_up"]
    assert doors == {"page": ["desk"], "link": ["page"], "hr": []}[order[0].partition(" ")[0]]
