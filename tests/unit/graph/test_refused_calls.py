"""Every call of the adapters that Graph refuses with a 404, 409 or 412, through the real SDK: what each code becomes.

    gone        what was asked for is not there, and the mailbox is: no event, no draft, a cancellation that is done, or GraphGone
    mailbox     the mailbox's own trouble (MailboxMissing): nothing in it is gone, and no cancellation is done
    conflict    changed meanwhile (GraphConflict), to be read again
    nobody      not told to this person: another way is taken

A table: a call is one of an item, of a list, of the directory, or of neither, and a code means the same for all calls of its
kind. Which calls there are is read from the source.
"""

from __future__ import annotations

import ast
import asyncio
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pydantic import SecretStr

import bot.graph
from bot.domain.errors import GraphConflict, GraphGone, InputError, KursusbotError, MailboxMissing
from bot.domain.events import EventField
from bot.domain.meeting_reports import ListedReport
from bot.domain.messages import Letter
from bot.domain.notifications import Resource
from bot.domain.plan_places import FilePlace
from bot.domain.probing import Finding
from bot.domain.teams import PostOutcome
from bot.graph.app_installs import GraphInstalls
from bot.graph.bounces import GraphReturnedMail
from bot.graph.calendar import GraphCalendar
from bot.graph.checks import check_graph
from bot.graph.directory import GraphDirectory
from bot.graph.drive import GraphFiles, fetch_file, fetch_shared_file, look_at_file
from bot.graph.experiments.lab import Lab
from bot.graph.experiments.witness import Witness
from bot.graph.feed import GraphFeed
from bot.graph.mail import GraphMailbox
from bot.graph.meetings import GraphMeetingReports
from bot.graph.nearest_managers import GraphManagers
from bot.graph.replies import GraphReplies
from bot.graph.schedules import GraphSchedules
from bot.graph.subscriptions import GraphSubscriptions
from bot.graph.webhook import WebhookChannels
from tests.builders.feed import ANNA, LINE
from tests.unit.graph.calendar_talk import DESIRED, KEY, ZONE, content, observed
from tests.unit.graph.talk import ORGANISER, Talk, client_settings, refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from bot.graph.client import GraphClient

    Act = Callable[[GraphClient], Awaitable[Any]]

AT = datetime(2027, 1, 4, 12, tzinfo=UTC)
MAIL = Letter(to=(("anna@kommune.example", "Anna Prøve"),), reply_to="hr@kommune.example", subject="Hej", html="<p>Hej</p>")
MAILBOX_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


FOLDER = Path(bot.graph.__file__).parent
SEAM = {"client", "connection", "credentials", "gate"}
"""What every call goes through: signs in, waits and repeats, and tells refusals apart; its own tests are beside this one."""
ON_THEIR_OWN = {"checks.check_graph", "webhook.post"}
THROUGH = {
    "changes.read_changes": "calendar.fetch_delta",
    "event_requests.pages": "calendar.fetch_events",
    "event_requests.find": "calendar.find_events",
    "event_requests.read": "calendar.fetch_event",
    "event_requests.create": "calendar.create_event",
    "event_requests.patch": "calendar.update_content",
    "event_requests.change_attendees": "calendar.replace_attendees",
    "event_requests.cancel": "calendar.cancel_event",
    "event_requests.delete": "calendar.cancel_event",
    "recipients.write_by_halves": "calendar.create_event",
    "mailboxes.identity": "subscriptions.fetch_paths",
    "mailboxes.find_account": "subscriptions.fetch_paths",
    "experiments.witness.mails": "experiments.changing.joiner",
    "experiments.creating.online_event": "experiments.creating.online",
    **{f"experiments.lab.{name}": "experiments.changing.joiner" for name in ("ask", "create", "patch", "read")},
    **{f"experiments.lab.{name}": "experiments.creating.stamps" for name in ("by_stamp", "by_filter", "until")},
}
"""What no round calls by itself, and the row that it is part of."""


def calls_in_the_source() -> set[str]:
    """Every public coroutine of the adapters, `module.name`: only they can send anything."""
    found: set[str] = set()
    for file in sorted(FOLDER.rglob("*.py")):
        module = ".".join(file.relative_to(FOLDER).with_suffix("").parts)
        tree = ast.parse(file.read_text(encoding="utf-8"))
        holders = [tree, *(one for one in tree.body if isinstance(one, ast.ClassDef) and not one.name.startswith("_"))]
        names = {one.name for holder in holders for one in holder.body if isinstance(one, ast.AsyncFunctionDef)}
        found |= {f"{module}.{name}" for name in names if not name.startswith("_") and module not in SEAM}
    return found


def calendar(act: Callable[[GraphCalendar], Awaitable[Any]]) -> Act:
    return lambda client: act(GraphCalendar(client, organiser=ORGANISER, zone=ZONE))


def mail(act: Callable[[GraphMailbox], Awaitable[Any]]) -> Act:
    return lambda client: act(GraphMailbox(client, organiser=ORGANISER))


def subscriptions(act: Callable[[GraphSubscriptions], Awaitable[Any]]) -> Act:
    return lambda client: act(GraphSubscriptions(client, organiser=MAILBOX_ID))


OF_AN_ITEM: dict[str, Act] = {
    "calendar.fetch_event": calendar(lambda one: one.fetch_event("id-1", KEY)),
    "calendar.update_content": calendar(lambda one: one.update_content(observed(), content(subject="Ny"), {EventField.SUBJECT})),
    "calendar.replace_attendees": calendar(lambda one: one.replace_attendees(observed(), observed().attendees)),
    "calendar.rewrite_stamp": calendar(lambda one: one.rewrite_stamp(observed())),
    "calendar.cancel_event": calendar(lambda one: one.cancel_event("id-1", comment="Aflyst")),
    "mail.is_sent": mail(lambda one: one.is_sent("id-1")),
    "mail.send_draft": mail(lambda one: one.send_draft("id-1")),
    "replies.find_events": lambda client: GraphReplies(client, organiser=ORGANISER).find_events(["id-1"]),
}
DONE = {"calendar.fetch_event", "calendar.cancel_event", "mail.is_sent", "replies.find_events"}
"""Where it is an answer that the item is gone, and no error."""
OF_A_LIST: dict[str, Act] = {
    "calendar.fetch_events": calendar(lambda one: one.fetch_events(plan="norddjurs", since=AT)),
    "calendar.find_events": calendar(lambda one: one.find_events(KEY)),
    "calendar.create_event": calendar(lambda one: one.create_event(DESIRED, transaction_id="11111111-2222-3333-4444-555555555555")),
    "calendar.fetch_delta": calendar(lambda one: one.fetch_delta(link=None, start=AT, end=AT + timedelta(days=9), keys={})),
    "mail.find_draft": mail(lambda one: one.find_draft("key")),
    "mail.create_draft": mail(lambda one: one.create_draft("key", MAIL)),
    "mail.send_mail": mail(lambda one: one.send_mail(MAIL)),
    "bounces.find_originals": lambda client: GraphReturnedMail(client, organiser=ORGANISER).find_originals(["<a@kommune.example>"]),
    "bounces.fetch_reports": lambda client: GraphReturnedMail(client, organiser=ORGANISER).fetch_reports(since=AT),
    "replies.fetch_replies": lambda client: GraphReplies(client, organiser=ORGANISER).fetch_replies(since=AT),
    "schedules.fetch_schedules": lambda client: GraphSchedules(client, organiser=ORGANISER, zone=ZONE).fetch_schedules(
        ["anna@kommune.example"], AT.date(), AT.date()
    ),
}
ELSEWHERE: dict[str, Act] = {
    "app_installs.install": lambda client: GraphInstalls(client, catalogue_id="c").install(ANNA),
    "app_installs.listed": lambda client: GraphInstalls(client, catalogue_id="c").listed(ANNA, manifest_id="m"),
    "meetings.listed": lambda client: GraphMeetingReports(client).listed(MAILBOX_ID, "https://teams.example/x"),
    "meetings.read": lambda client: GraphMeetingReports(client).read(
        ListedReport(mailbox=MAILBOX_ID, meeting="m", id="r", start=AT, end=AT)
    ),
    "subscriptions.subscribe": subscriptions(
        lambda one: one.subscribe(f"users/{MAILBOX_ID}/events", address="https://kurser.example", secret="s" * 32, expires_at=AT, known=())
    ),
    "subscriptions.fetch_holders": subscriptions(
        lambda one: one.fetch_holders(f"users/{MAILBOX_ID}/events", address="https://kurser.example")
    ),
    "subscriptions.fetch_listed": subscriptions(lambda one: one.fetch_listed("https://kurser.example")),
    "subscriptions.renew": subscriptions(lambda one: one.renew("s-1", expires_at=AT)),
    "subscriptions.unsubscribe": subscriptions(lambda one: one.unsubscribe("s-1")),
    "directory.fetch_members": lambda client: GraphDirectory(client).fetch_members(MAILBOX_ID),
    "directory.fetch_left_out": lambda client: GraphDirectory(client).fetch_left_out(MAILBOX_ID),
    "directory.find_person": lambda client: GraphDirectory(client).find_person("anna@kommune.example"),
    "nearest_managers.managers_of": lambda client: GraphManagers(client).managers_of(["11111111-1111-1111-1111-111111111111"]),
    "directory.search_people": lambda client: GraphDirectory(client).search_people("anna"),
    "directory.search_groups": lambda client: GraphDirectory(client).search_groups("skoler"),
    "directory.count_members": lambda client: GraphDirectory(client).count_members(MAILBOX_ID),
    "directory.find_named": lambda client: GraphDirectory(client).find_named(["/o=x/cn=anna"]),
    "directory.groups_among": lambda client: GraphDirectory(client).groups_among(["alle@kommune.example"]),
    "schedules.fetch_rooms": lambda client: GraphSchedules(client, organiser=ORGANISER, zone=ZONE).fetch_rooms(),
    "subscriptions.fetch_paths": lambda client: GraphSubscriptions(client, organiser="andre@kommune.example").fetch_paths(Resource),
    "drive.fetch_shared_file": lambda client: fetch_shared_file(client, "https://kommune.sharepoint.example/:x:/s/hr/EaB?e=1"),
    "drive.saved_by": lambda client: GraphFiles(client).saved_by("https://kommune.sharepoint.example/:x:/s/hr/EaB?e=1"),
    "drive.look_at_file": lambda client: look_at_file(client, "drives/b!d/items/01I"),
    "drive.fetch_file": lambda client: fetch_file(client, FilePlace(drive="b!d", item="01I")),
    "feed.notify": lambda client: GraphFeed(client).notify(ANNA, LINE),
    "feed.notify_all": lambda client: GraphFeed(client).notify_all([ANNA], LINE),
}
EXPERIMENTS = sorted(name for name in calls_in_the_source() if name.startswith("experiments.") and name not in THROUGH)
OF_SETTINGS, CLEANING = {"experiments.looking.gate"}, "experiments.lab.clean"
AS_GONE = {
    "subscriptions.fetch_paths": MailboxMissing.__name__,
    "subscriptions.renew": "done",
    "subscriptions.unsubscribe": "done",
    "drive.fetch_shared_file": InputError.__name__,
    "drive.look_at_file": InputError.__name__,
    "drive.fetch_file": InputError.__name__,
    "feed.notify": "False",
    "feed.notify_all": "False",
}
AS_CONFLICT = {
    "subscriptions.fetch_paths": MailboxMissing.__name__,
    "feed.notify": "False",
    "feed.notify_all": "False",
    "app_installs.install": "False",
}
"""What those of ELSEWHERE come to that are no GraphGone and no GraphConflict."""
NOT_OF_THE_MAILBOX = ["ErrorItemNotFound", "SomethingNew", ""]
OF_THE_MAILBOX = [
    "ErrorInvalidUser",
    "MailboxNotEnabledForRESTAPI",
    "ResourceNotFound",
    "ErrorNonExistentMailbox",
    "Request_ResourceNotFound",
]
CONFLICTS = [(409, ""), (409, "ConcurrentItemSave"), (409, "ObjectIdentifierInUse")]
CONFLICTS += [(status, code) for status in (409, 412) for code in ("ErrorIrresolvableConflict", "Conflict")]
LOOKS = {"/calendar", "/mailFolders/inbox/messages"}


def experiment(name: str) -> Act:
    """An experiment in a laboratory of little patience, by the name of its module and its own."""
    module, _, function = name.rpartition(".")
    run = Lab.clean if name == CLEANING else getattr(import_module(f"bot.graph.{module}"), function)

    async def nobody(_address: str, _subject: str) -> None:
        return None

    def act(client: GraphClient) -> Awaitable[Any]:
        witness = Witness(client=client, since=AT, patience=1, quiet=1, question=nobody)
        lab = Lab(
            client=client, mailbox=MAILBOX_ID, address=ORGANISER, people=("anna@kommune.example", "bo@kommune.example"),
            zone=ZONE, now=AT, witness=witness, patience=1, answer_patience=1, web_address="https://kurser.example",
            manifest_id="m", catalogue_id="c",
        )  # fmt: skip
        return run(lab, client_settings()) if name in OF_SETTINGS else run(lab)  # type: ignore[no-any-return]

    return act


def became(act: Act, status: int, code: str, *, mailbox_is_there: bool = True, knows_nobody: bool = True) -> tuple[str, Talk]:
    """What the call comes to where every request is refused alike.

    But for a look into the mailbox where that is there, and for questions about people where the directory `knows_nobody`.
    """
    talk = Talk(retry_budget_seconds=60)
    talk.known = {ORGANISER: ORGANISER}
    if knows_nobody:
        talk.graph.get("/users").mock(return_value=httpx.Response(200, json={"value": []}))

    def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path.partition(ORGANISER)[2]
        is_look = request.method == "GET" and path in LOOKS and request.url.params.get("$select") == "id"
        return httpx.Response(200, json={}) if is_look and mailbox_is_there else refusal(status, code)

    talk.graph.route(url__regex=r".*").mock(side_effect=answer)
    try:
        result = talk.run(act)
    except KursusbotError as error:
        return type(error).__name__, talk
    if isinstance(result, list) and result and all(isinstance(one, Finding) for one in result):
        return "findings", talk
    return "done" if result is None or result in ((), {}) else str(result), talk


def told(act: Act, refusals: Iterable[tuple[int, str]], **how: bool) -> dict[tuple[int, str], str]:
    """By status and code what the call comes to: all that it can be refused with is one row of the table, and one test."""
    return {(status, code): became(act, status, code, **how)[0] for status, code in refusals}


def missing(codes: Iterable[str]) -> list[tuple[int, str]]:
    return [(404, code) for code in codes]


@pytest.mark.parametrize("call", OF_AN_ITEM)
def test_an_item_is_gone_where_the_code_says_so_or_the_mailbox_could_be_looked_into(call: str) -> None:
    codes = missing(NOT_OF_THE_MAILBOX)
    assert told(OF_AN_ITEM[call], codes) == dict.fromkeys(codes, "done" if call in DONE else GraphGone.__name__)


@pytest.mark.parametrize("call", OF_AN_ITEM)
def test_nothing_is_gone_where_the_mailbox_cannot_be_looked_into(call: str) -> None:
    codes = missing(["SomethingNew", ""])
    assert told(OF_AN_ITEM[call], codes, mailbox_is_there=False) == dict.fromkeys(codes, MailboxMissing.__name__)


@pytest.mark.parametrize("call", [*OF_AN_ITEM, *OF_A_LIST])
def test_the_mailboxs_trouble_is_told_as_such_and_finishes_nothing(call: str) -> None:
    """Above all no cancellation."""
    codes = missing(OF_THE_MAILBOX)
    assert told({**OF_AN_ITEM, **OF_A_LIST}[call], codes) == dict.fromkeys(codes, MailboxMissing.__name__)


@pytest.mark.parametrize("call", OF_A_LIST)
def test_a_list_that_is_not_there_is_the_mailboxs_trouble(call: str) -> None:
    codes = missing(["SomethingNew", ""])
    assert told(OF_A_LIST[call], codes) == dict.fromkeys(codes, MailboxMissing.__name__)


@pytest.mark.parametrize("call", OF_A_LIST)
def test_a_list_in_which_something_is_gone_is_told(call: str) -> None:
    assert became(OF_A_LIST[call], 404, "ErrorItemNotFound")[0] == GraphGone.__name__


@pytest.mark.parametrize("call", [*OF_AN_ITEM, *OF_A_LIST])
def test_a_conflict_is_told_and_never_taken_for_done(call: str) -> None:
    """New content is written once more first; whether an event was created is looked up by its stamp."""
    reads = call.partition(".")[2].startswith(("fetch_", "find_", "is_")) and call != "schedules.fetch_schedules"
    for status, code in CONFLICTS:
        said, talk = became({**OF_AN_ITEM, **OF_A_LIST}[call], status, code)
        assert said == GraphConflict.__name__, (status, code)
        writes = [method for method, _ in talk.sent if method != "GET"]
        assert len(writes) == (2 if call == "calendar.update_content" else 0 if reads else 1), (status, code)


@pytest.mark.parametrize("call", ELSEWHERE)
def test_outside_of_mailboxes_a_404_is_the_thing_itself(call: str) -> None:
    codes = missing([*NOT_OF_THE_MAILBOX, *OF_THE_MAILBOX])
    assert told(ELSEWHERE[call], codes, knows_nobody=False) == dict.fromkeys(codes, AS_GONE.get(call, GraphGone.__name__))


@pytest.mark.parametrize("call", ELSEWHERE)
def test_outside_of_mailboxes_a_conflict_is_told(call: str) -> None:
    expected = AS_CONFLICT.get(call, GraphConflict.__name__)
    assert told(ELSEWHERE[call], CONFLICTS, knows_nobody=False) == dict.fromkeys(CONFLICTS, expected)


ALL_REFUSALS = [*missing([*NOT_OF_THE_MAILBOX, *OF_THE_MAILBOX]), *CONFLICTS]


@pytest.mark.parametrize(("status", "code"), ALL_REFUSALS)
def test_the_checks_of_a_set_up_say_what_was_refused_and_go_on(status: int, code: str) -> None:
    async def checks(client: GraphClient) -> dict[str, bool | None]:
        found = await check_graph(client, organiser=ORGANISER, zone=ZONE, groups=["alle@kommune.example"])
        return {one.name: one.ok for one in found if one.detail_code.startswith("errors.")}

    said, _ = became(checks, status, code, knows_nobody=False)
    # The look into the mailbox is that at the inbox, which is there.
    failing = ("users", "group", "calendar", "zone", "teams", "schedules", "rooms")
    assert said == str(dict.fromkeys(failing, False))


@pytest.mark.parametrize("call", EXPERIMENTS)
def test_an_experiment_that_is_refused_says_so_and_is_no_error(call: str) -> None:
    """What would not go is counted."""
    assert told(experiment(call), ALL_REFUSALS) == dict.fromkeys(ALL_REFUSALS, "2" if call == CLEANING else "findings")


@pytest.mark.parametrize("status", [404, 409, 412])
def test_a_post_that_a_channel_refuses_is_refused(status: int) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(status))
    addresses = {"hr": SecretStr("https://prod-1.westeurope.logic.example/workflows/1")}
    channels = WebhookChannels(addresses, timeout_seconds=1, budget_seconds=1, transport=transport)
    assert asyncio.run(channels.post("hr", {})) is PostOutcome.REFUSED


def test_the_table_has_every_call_of_the_adapters() -> None:
    """Whoever adds one says here what its refusals become."""
    have = {*OF_AN_ITEM, *OF_A_LIST, *ELSEWHERE, *EXPERIMENTS, *ON_THEIR_OWN}
    assert have | THROUGH.keys() == calls_in_the_source()
    assert set(THROUGH.values()) <= have
