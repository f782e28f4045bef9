"""Every call of the adapters that Graph refuses with a 404, 409 or 412, through the real SDK: what each code becomes.

    gone        what was asked for is not there, and the mailbox is: no event, no draft, a cancellation that is done, or GraphGone
    mailbox     the mailbox's own trouble (MailboxMissing): nothing in it is gone, and no cancellation is done
    conflict    changed meanwhile (GraphConflict), to be read again
    nobody      not told to this person: another way is taken

A table: a call is one of an item, of a list, or of neither, and a code means the same for all calls of its kind.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.domain.events import EventField
from bot.domain.messages import Letter
from bot.errors import GraphConflict, GraphError, GraphGone, MailboxMissing
from bot.graph.bounces import GraphReturnedMail
from bot.graph.calendar import GraphCalendar
from bot.graph.feed import GraphFeed
from bot.graph.mail import GraphMailbox
from bot.graph.replies import GraphReplies
from bot.graph.schedules import GraphSchedules
from bot.graph.subscriptions import GraphSubscriptions
from tests.unit.graph.calendar_talk import DESIRED, KEY, ZONE, content, observed
from tests.unit.graph.feed import ANNA, LINE
from tests.unit.graph.talk import ORGANISER, Talk, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.graph.client import GraphClient

    Act = Callable[[GraphClient], Awaitable[Any]]

AT = datetime(2027, 1, 4, 12, tzinfo=UTC)
MAIL = Letter(to=(("anna@kommune.example", "Anna Prøve"),), reply_to="hr@kommune.example", subject="Hej", html="<p>Hej</p>")
MAILBOX_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def calendar(act: Callable[[GraphCalendar], Awaitable[Any]]) -> Act:
    return lambda client: act(GraphCalendar(client, organiser=ORGANISER, zone=ZONE))


def mail(act: Callable[[GraphMailbox], Awaitable[Any]]) -> Act:
    return lambda client: act(GraphMailbox(client, organiser=ORGANISER))


def subscriptions(act: Callable[[GraphSubscriptions], Awaitable[Any]]) -> Act:
    return lambda client: act(GraphSubscriptions(client, organiser=MAILBOX_ID))


OF_AN_ITEM: dict[str, Act] = {
    "fetch_event": calendar(lambda one: one.fetch_event("id-1", KEY)),
    "update_content": calendar(lambda one: one.update_content(observed(), content(subject="Ny"), {EventField.SUBJECT})),
    "replace_attendees": calendar(lambda one: one.replace_attendees(observed(), observed().attendees)),
    "rewrite_stamp": calendar(lambda one: one.rewrite_stamp(observed())),
    "cancel_event": calendar(lambda one: one.cancel_event("id-1", comment="Aflyst")),
    "is_sent": mail(lambda one: one.is_sent("id-1")),
    "send_draft": mail(lambda one: one.send_draft("id-1")),
}
DONE = {"fetch_event", "cancel_event", "is_sent"}
"""Where it is an answer that the item is gone, and no error."""
OF_A_LIST: dict[str, Act] = {
    "fetch_events": calendar(lambda one: one.fetch_events(plan="norddjurs", since=AT)),
    "find_events": calendar(lambda one: one.find_events(KEY)),
    "create_event": calendar(lambda one: one.create_event(DESIRED, transaction_id="11111111-2222-3333-4444-555555555555")),
    "fetch_delta": calendar(lambda one: one.fetch_delta(link=None, start=AT, end=AT + timedelta(days=9), keys={})),
    "find_draft": mail(lambda one: one.find_draft("key")),
    "create_draft": mail(lambda one: one.create_draft("key", MAIL)),
    "send_mail": mail(lambda one: one.send_mail(MAIL)),
    "fetch_reports": lambda client: GraphReturnedMail(client, organiser=ORGANISER).fetch_reports(since=AT),
    "fetch_replies": lambda client: GraphReplies(client, organiser=ORGANISER).fetch_replies(since=AT),
    "fetch_schedules": lambda client: GraphSchedules(client, organiser=ORGANISER, zone=ZONE).fetch_schedules(
        ["anna@kommune.example"], AT.date(), AT.date()
    ),
}
ELSEWHERE: dict[str, Act] = {
    "subscribe": subscriptions(
        lambda one: one.subscribe(f"users/{MAILBOX_ID}/events", address="https://kurser.example", secret="s" * 32, expires_at=AT, known=())
    ),
    "fetch_holders": subscriptions(lambda one: one.fetch_holders(f"users/{MAILBOX_ID}/events", address="https://kurser.example")),
    "fetch_listed": subscriptions(lambda one: one.fetch_listed("https://kurser.example")),
    "renew": subscriptions(lambda one: one.renew("s-1", expires_at=AT)),
    "unsubscribe": subscriptions(lambda one: one.unsubscribe("s-1")),
    "notify": lambda client: GraphFeed(client).notify(ANNA, LINE),
    "notify_all": lambda client: GraphFeed(client).notify_all([ANNA], LINE),
}
NOT_OF_THE_MAILBOX = ["ErrorItemNotFound", "SomethingNew", ""]
OF_THE_MAILBOX = [
    "ErrorInvalidUser",
    "MailboxNotEnabledForRESTAPI",
    "ResourceNotFound",
    "ErrorNonExistentMailbox",
    "Request_ResourceNotFound",
]
LOOKS = {"/calendar", "/mailFolders/inbox/messages"}


def became(act: Act, status: int, code: str, *, mailbox_is_there: bool = True) -> tuple[str, Talk]:
    """What the call comes to where every request is refused alike, but for a look into the mailbox where that is there."""
    talk = Talk(retry_budget_seconds=60)
    talk.known = {ORGANISER: ORGANISER}
    talk.graph.get("/users").mock(return_value=httpx.Response(200, json={"value": []}))

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.partition(ORGANISER)[2]
        is_look = request.method == "GET" and path in LOOKS and request.url.params.get("$select") == "id"
        return httpx.Response(200, json={}) if is_look and mailbox_is_there else refusal(status, code)

    talk.graph.route(url__regex=r".*").mock(side_effect=answer)
    try:
        result = talk.run(act)
    except GraphError as error:
        return type(error).__name__, talk
    return "done" if result is None or result == () else str(result), talk


@pytest.mark.parametrize("code", NOT_OF_THE_MAILBOX)
@pytest.mark.parametrize("call", OF_AN_ITEM)
def test_an_item_is_gone_where_the_code_says_so_or_the_mailbox_could_be_looked_into(call: str, code: str) -> None:
    assert became(OF_AN_ITEM[call], 404, code)[0] == ("done" if call in DONE else GraphGone.__name__)


@pytest.mark.parametrize("code", ["SomethingNew", ""])
@pytest.mark.parametrize("call", OF_AN_ITEM)
def test_nothing_is_gone_where_the_mailbox_cannot_be_looked_into(call: str, code: str) -> None:
    assert became(OF_AN_ITEM[call], 404, code, mailbox_is_there=False)[0] == MailboxMissing.__name__


@pytest.mark.parametrize("code", OF_THE_MAILBOX)
@pytest.mark.parametrize("call", [*OF_AN_ITEM, *OF_A_LIST])
def test_the_mailboxs_trouble_is_told_as_such_and_finishes_nothing(call: str, code: str) -> None:
    """Above all no cancellation."""
    assert became({**OF_AN_ITEM, **OF_A_LIST}[call], 404, code)[0] == MailboxMissing.__name__


@pytest.mark.parametrize("code", ["SomethingNew", ""])
@pytest.mark.parametrize("call", OF_A_LIST)
def test_a_list_that_is_not_there_is_the_mailboxs_trouble(call: str, code: str) -> None:
    assert became(OF_A_LIST[call], 404, code)[0] == MailboxMissing.__name__


@pytest.mark.parametrize("call", OF_A_LIST)
def test_a_list_in_which_something_is_gone_is_told(call: str) -> None:
    assert became(OF_A_LIST[call], 404, "ErrorItemNotFound")[0] == GraphGone.__name__


@pytest.mark.parametrize(("status", "code"), [(409, "ErrorIrresolvableConflict"), (412, "ErrorIrresolvableConflict"), (409, "")])
@pytest.mark.parametrize("call", [*OF_AN_ITEM, *OF_A_LIST])
def test_a_conflict_is_told_and_never_taken_for_done(call: str, status: int, code: str) -> None:
    """New content is written once more first; whether an event was created is looked up by its stamp."""
    said, talk = became({**OF_AN_ITEM, **OF_A_LIST}[call], status, code)
    assert said == GraphConflict.__name__
    writes = [method for method, _ in talk.sent if method != "GET"]
    reads = call.startswith(("fetch_", "find_", "is_")) and call != "fetch_schedules"
    assert len(writes) == (2 if call == "update_content" else 0 if reads else 1)


@pytest.mark.parametrize(
    ("call", "gone", "conflict"),
    [
        ("subscribe", "GraphGone", "GraphConflict"),
        ("fetch_holders", "GraphGone", "GraphConflict"),
        ("fetch_listed", "GraphGone", "GraphConflict"),
        ("renew", "done", "GraphConflict"),
        ("unsubscribe", "done", "GraphConflict"),
        ("notify", "False", "False"),
        ("notify_all", "False", "False"),
    ],
)
@pytest.mark.parametrize("code", ["", "ErrorItemNotFound", "ResourceNotFound", "Request_ResourceNotFound"])
def test_outside_of_mailboxes_a_404_is_the_thing_itself(call: str, gone: str, conflict: str, code: str) -> None:
    assert became(ELSEWHERE[call], 404, code)[0] == gone
    for status in (409, 412):
        assert became(ELSEWHERE[call], status, "Conflict")[0] == conflict


def test_the_table_has_every_call_of_the_adapters() -> None:
    """Whoever adds one says here what its refusals become."""
    of_several = {"elsewhere", "fetch_paths", "find_originals", "find_events", "fetch_rooms"}
    have = {*OF_AN_ITEM, *OF_A_LIST, *ELSEWHERE}
    for kind in (GraphCalendar, GraphMailbox, GraphReturnedMail, GraphReplies, GraphSchedules, GraphSubscriptions, GraphFeed):
        calls = {name for name, value in vars(kind).items() if callable(value) and not name.startswith("_")}
        assert calls - of_several <= have, kind
