"""Which messages go first, which go as one, and what the one says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.parcels import MOST_IN_ONE, Parcel, in_order, parcels, together_key
from bot.delivery.words import letter
from bot.domain.enrolment import EnrolmentMode
from bot.domain.messages import DeliveryState, Message
from bot.domain.people import Language, PeopleIndex, Person
from bot.domain.reminders import items_of, items_text
from bot.domain.templates import MessageKind
from bot.messages.examples import COURSE
from tests.builders.parcels import NOW, PLAN, reminder

NAMES = ("anna", "bo", "carl")
EVERYBODY = tuple(
    Person(email=f"{name}@kommune.example", name=name.title(), language=Language.EN if name == "carl" else None) for name in NAMES
)
PEOPLE = PeopleIndex(EVERYBODY)


def about_a_seat(name: str) -> Message:
    return reminder(name, MessageKind.SEAT_OFFERED, key=f"seat_offered/{name}", params={})


def packed(*messages: Message, one_for_all: bool = True, plan: object = PLAN) -> list[list[str]]:
    speaks = {person.email: person.language or Language.DA for person in EVERYBODY}
    made = parcels(messages, plan, language_of=speaks.__getitem__, one_for_all=one_for_all)
    return [[message.email.partition("@")[0] for message in parcel.messages] for parcel in made]


def test_what_is_urgent_or_worth_nothing_tomorrow_goes_first_and_seats_before_reminders() -> None:
    calm, later = reminder("anna"), reminder("bo", expires_at=NOW + timedelta(days=20))
    urgent = reminder("carl", params={"urgent": "yes"}, expires_at=NOW + timedelta(days=30))
    tomorrow = reminder("anna", MessageKind.TOMORROW, expires_at=NOW + timedelta(hours=24))
    seat = about_a_seat("bo")
    without_end = replace(about_a_seat("carl"), expires_at=None)
    failed = replace(reminder("anna"), error="graph_unclear", expires_at=NOW + timedelta(days=5))
    expected = (tomorrow, urgent, without_end, seat, calm, later, failed)
    assert in_order([failed, later, calm, seat, urgent, tomorrow, without_end], NOW) == expected


def test_each_gets_a_mail_of_their_own_unless_hr_says_otherwise() -> None:
    assert packed(*map(reminder, NAMES), one_for_all=False) == [["anna"], ["bo"], ["carl"]]
    assert packed(*map(reminder, NAMES)) == [["anna", "bo"], ["carl"]], "in each language one"


@pytest.mark.parametrize(
    "other",
    [
        reminder("bo", MessageKind.TOMORROW),
        reminder("bo", MessageKind.DIGEST),
        reminder("bo", params={**reminder("bo").params, "urgent": "yes"}),
        reminder("bo", state=DeliveryState.SENDING),
        about_a_seat("bo"),
    ],
    ids=["other words", "a digest", "urgent", "begun alone", "a seat"],
)
def test_what_is_not_equal_goes_alone(other: Message) -> None:
    assert packed(reminder("anna"), other) == [["anna"], ["bo"]]


def test_what_leads_to_a_persons_own_page_goes_alone() -> None:
    """Who chooses by link needs their own."""
    asks = [reminder(name, MessageKind.PLEASE_ANSWER) for name in ("anna", "bo")]
    assert packed(*asks) == [["anna", "bo"]]
    by_link = replace(COURSE, enrolment=replace(COURSE.enrolment, mode=EnrolmentMode.SIGNUP))
    assert packed(*asks, plan=replace(PLAN, courses=(by_link,))) == [["anna"], ["bo"]]


def test_what_was_begun_as_one_stays_one_whatever_the_setting() -> None:
    begun = [reminder(name, state=DeliveryState.SENDING, together="together/x") for name in ("anna", "bo")]
    assert packed(*begun, one_for_all=False) == [["anna", "bo"]]
    assert Parcel(messages=tuple(begun)).key == "together/x"
    assert Parcel(messages=(reminder("anna"),)).key == reminder("anna").key


def test_one_mail_has_no_more_recipients_than_exchange_takes() -> None:
    many = [reminder(f"p{number}") for number in range(MOST_IN_ONE + 1)]
    made = parcels(many, PLAN, language_of=lambda _: Language.DA, one_for_all=True)
    assert [len(parcel.messages) for parcel in made] == [MOST_IN_ONE, 1]


def test_the_same_messages_have_the_same_key_in_any_order() -> None:
    several = [reminder(name) for name in NAMES]
    assert together_key(several) == together_key(reversed(several)) != together_key(several[:2])


def test_one_mail_for_many_names_nobody_and_leads_to_nobodys_page() -> None:
    link_for = "https://kurser.kommune.example/p/{}/{}".format
    alone = letter(Parcel(messages=(reminder("anna"),)), PLAN, PEOPLE, link_for=link_for, now=NOW)
    assert (alone.to, alone.hidden) == ((("anna@kommune.example", "Anna"),), ())
    assert "Anna" in alone.html
    both = letter(Parcel(messages=(reminder("anna"), reminder("bo"))), PLAN, PEOPLE, link_for=link_for, now=NOW)
    assert (both.to, both.hidden, both.subject) == ((), ("anna@kommune.example", "bo@kommune.example"), alone.subject)
    assert not [word for word in ("Anna", "Bo", "/p/") if word in both.html]
    stranger = letter(Parcel(messages=(reminder("ukendt"),)), PLAN, PEOPLE, link_for=link_for, now=NOW)
    assert stranger.to == (("ukendt@kommune.example", ""),)
    seat = letter(Parcel(messages=(about_a_seat("carl"),)), PLAN, PEOPLE, link_for=link_for, now=NOW)
    assert "/p/carl@kommune.example/eksempel" in seat.html


def test_a_copy_names_the_leader_and_leads_to_where_its_reader_answers_for_them() -> None:
    item = replace(items_of(reminder("anna"))[0], leader="anna@kommune.example")
    copied = reminder("bo", MessageKind.COPY, params={"items": items_text([item])})
    made = letter(
        Parcel(messages=(copied,)),
        PLAN,
        PEOPLE,
        link_for="https://kurser.kommune.example/p/{}/{}".format,
        link_for_leader="https://kurser.kommune.example/s/{}/{}/{}".format,
        now=NOW,
    )
    assert made.to == (("bo@kommune.example", "Bo"),)
    assert "Du får denne kopi, fordi du svarer for <strong>Anna</strong>" in made.html
    assert "/s/bo@kommune.example/anna@kommune.example/eksempel" in made.html
    assert "/p/" not in made.html


@pytest.mark.parametrize(("sent_as", "known"), [("", False), ("kursusbot/plan/1", True)])
def test_what_was_begun_under_a_key_of_its_own_is_looked_for_by_that_alone(sent_as: str, known: bool) -> None:
    parcel = Parcel(messages=(reminder("anna", sent_as=sent_as),))
    assert (parcel.names_plan, parcel.key) == (known, sent_as or reminder("anna").key)


def test_a_mail_that_asks_for_answers_goes_alone_because_it_has_the_readers_own_link() -> None:
    alike = [reminder(name) for name in NAMES]
    asking = [replace(one, params={"items": items_text([replace(items_of(one)[0], questions=True)])}) for one in alike[:2]]
    assert packed(*asking, alike[2]) == [["anna"], ["bo"], ["carl"]]
