"""For whom the app was installed, on every database: one row for each person, and who took it away stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.app_installs import A_TRY_LASTS, AppInstall, InstallState
from bot.domain.conversations import Conversation, ConversationKind
from bot.domain.people import Person
from bot.store.app_installs import SqlAppInstallBook
from bot.store.app_packages import SqlPackageBook
from bot.store.conversations import SqlConversationBook
from bot.store.people import SqlPeopleBook
from tests.builders.known_people import NOW

DAY = timedelta(days=1)
ANNA = AppInstall(subject="anna", email="anna@by.example", state=InstallState.ASKED, at=NOW)
BO = replace(ANNA, subject="bo", email="bo@by.example", state=InstallState.THERE)


@pytest.fixture
def book(database):
    return SqlAppInstallBook(database)


def test_a_person_has_one_row_which_is_as_it_was_noted_last(book):
    book.note(ANNA)
    book.note(BO)
    there = replace(ANNA, state=InstallState.THERE, at=NOW + DAY)
    book.note(there)
    assert book.load({"anna", "carl"}) == {"anna": there}
    assert book.load(()) == {}


def test_who_took_the_app_away_between_request_and_answer_has_taken_it_away(book, database):
    chats = SqlConversationBook(database)
    chat = Conversation(
        id="a:anna", kind=ConversationKind.PERSONAL, service_url="https://smba.trafficmanager.net/emea", added_at=NOW, seen_at=NOW,
        subject="anna", email="anna@by.example",
    )  # fmt: skip
    book.note(ANNA)
    chats.save(chat)
    chats.forget(chat.id)
    book.note(replace(ANNA, state=InstallState.THERE, at=NOW + DAY))
    assert book.load({"anna"}) == {"anna": replace(ANNA, state=InstallState.GONE)}
    # A channel is nobody's, and a chat that is not known is nobody's that we know.
    chats.save(replace(chat, id="19:k", kind=ConversationKind.CHANNEL, subject="", email="", name="Kurser"))
    chats.forget("19:k")
    chats.forget("a:nobody")
    assert [*book.load({"", "anna", "bo"})] == ["anna"]


@pytest.mark.parametrize(
    ("opened", "state"), [(timedelta(0), InstallState.TRIED), (-DAY, InstallState.GONE), (A_TRY_LASTS, InstallState.GONE)]
)
def test_the_chat_that_a_probe_opens_and_ends_says_nothing_of_the_person(book, database, opened, state):
    """A chat that was there before, or that came later, is their own."""
    chats = SqlConversationBook(database)
    tried = replace(ANNA, state=InstallState.TRIED)
    book.note(tried)
    chats.save(
        Conversation(
            id="a:anna", kind=ConversationKind.PERSONAL, service_url="https://smba.trafficmanager.net/emea",
            added_at=NOW + opened, seen_at=NOW + opened, subject="anna", email="anna@by.example",
        )
    )  # fmt: skip
    chats.forget("a:anna")
    assert book.load({"anna"})["anna"].state is state
    assert chats.load("a:anna") is None


def test_it_is_let_go_of_when_no_plan_knows_the_person_any_more(book, database):
    SqlPeopleBook(database).save_people("by", [Person(email="anna@by.example", directory_id="anna")], now=NOW)
    for one in (ANNA, BO):
        book.note(one)
    book.let_go(before=NOW)
    assert [*book.load({"anna", "bo"})] == ["anna", "bo"]
    book.let_go(before=NOW + DAY)
    assert [*book.load({"anna", "bo"})] == ["anna"]


def test_a_package_keeps_its_version_until_something_in_it_changes(database):
    packages, day = SqlPackageBook(database), NOW.date()
    first = packages.version_of("app", "a", today=day)
    assert packages.version_of("app", "a", today=day + DAY) == first
    second = packages.version_of("app", "b", today=day)
    assert packages.version_of("andet", "a", today=day) == first
    versions = [tuple(map(int, one.split("."))) for one in (first, second, packages.version_of("app", "a", today=day))]
    assert versions == sorted(set(versions))
