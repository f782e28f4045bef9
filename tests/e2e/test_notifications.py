"""An answer in Outlook shows in the registrations without polling; and whatever is lost on the way is found again."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from bot.domain.job_runs import JobOutcome
from bot.domain.notifications import Resource
from bot.sandbox.municipality import ORGANISER
from bot.web.server import serving
from config.settings import WebSettings
from jobs.service import app_of
from tests.e2e.as_it_was import played_once, synced
from tests.e2e.driver import NOW, body_of
from tests.e2e.listening import SECRET, WITHOUT_DRAFTS, listening_to
from tests.e2e.nobody import NOBODY
from tests.e2e.plans import make_plan, people
from tests.e2e.reminders import RULES, course
from tests.e2e.seats import ANNA, BO, answer
from tests.e2e.service_driver import at_work, order, outcomes, settings_for, shared_database, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.opening.stores import Stores
    from bot.sandbox.journal import Entry
    from bot.sandbox.subscriptions import Subscription
    from tests.e2e.driver import World
    from tests.e2e.listening import Listening


@played_once
def begin(world: World, *who: str) -> None:
    world.write(make_plan(course(enrolment=None), audiences=people(*who), holidays="DK", reminders=RULES))
    world.sync()


def requests(world: World, method: str, path: str = "/subscriptions") -> list[Entry]:
    return [one for one in world.tenant.journal.entries if one.method == method and one.path.startswith(path)]


def of_events(world: World) -> Subscription:
    (found,) = (one for one in world.tenant.subscriptions.living() if one.kind == "events")
    return found


def statuses(world: World) -> dict[str, str]:
    return {email: row["status"] for (_, email), row in world.registrations().items()}


def item(subscription: Subscription, **changes: Any) -> dict[str, Any]:
    given = {"subscriptionId": subscription.id, "clientState": subscription.sent["clientState"], "changeType": "updated"}
    return given | changes


@pytest.fixture
def post(world: World) -> Iterator[Listening]:
    """Anna and Bo are invited, the subscriptions stand, and what they began with has been read."""
    begin(world, ANNA, BO)
    with listening_to(world) as listening:
        watched = listening.renew()
        assert (watched.created, watched.resync, watched.outcome) == (2, True, JobOutcome.DONE)
        listening.read()
        world.tenant.journal.clear()
        yield listening


def test_both_resources_are_subscribed_with_the_mailbox_by_its_id_and_a_secret_of_their_own(world: World) -> None:
    """The handshake is answered while the creation is open, on both addresses."""
    begin(world, ANNA)
    with listening_to(world) as listening:
        listening.renew()
        mailbox = world.tenant.directory.find_user(ORGANISER)
        assert mailbox is not None
        events, inbox = map(body_of, requests(world, "POST"))
        assert (events["resource"], inbox["resource"]) == (f"/users/{mailbox.id}/events", f"/users/{mailbox.id}/mailFolders/inbox/messages")
        assert events["notificationUrl"] == inbox["notificationUrl"] == listening.address + "/graph/notifications"
        assert events["lifecycleNotificationUrl"] == listening.address + "/graph/lifecycle"
        secrets = {events["clientState"], inbox["clientState"]}
        assert len(secrets) == 2
        assert min(map(len, secrets)) >= 32
        assert not [one for one in secrets if one.encode() in world.database_file.read_bytes()]
        again = listening.renew()
        assert (again.created, again.renewed, again.removed) == (0, 0, 0)
        assert len(requests(world, "POST")) == 2


def test_an_answer_reaches_the_registrations_through_the_notification(world: World, post: Listening) -> None:
    answer(world, "kursus/dag", ANNA, "accept")
    assert post.follow().new_answers == 1
    assert statuses(world) == {ANNA: "registered", BO: "invited"}
    assert requests(world, "GET", "/groups") == []


def test_a_mail_that_comes_back_is_noticed_through_the_inbox(world: World, post: Listening) -> None:
    synced(world, make_plan(course(enrolment=None), audiences=people(ANNA, BO, NOBODY), holidays="DK", reminders=RULES))
    post.follow()
    listed = {one["kind"]: one for one in world.run("messages", "--format", "json").json}
    assert [one["email"] for one in listed["invitation"]["returned"]] == [NOBODY]


def test_a_flood_of_repeated_and_reordered_notifications_is_one_unit_of_work(world: World, post: Listening) -> None:
    """What a notification says is never believed; what Outlook says is read once."""
    world.tenant.settings.change({"notification_copies": 7, "notifications_reversed": True})
    for response in ("accept", "decline", "tentative", "accept"):
        answer(world, "kursus/dag", ANNA, response)
    post.settle()
    collected = post.follow()
    assert collected.new_answers == 1
    assert statuses(world)[ANNA] == "registered"
    while not post.nothing_came():
        assert post.read().new_answers == 0, "the answers' mails in the inbox wake it once more, and there is nothing new"
    assert post.stores.notifications.take_hints("demo") == frozenset()


def test_what_comes_while_a_round_is_at_work_is_read_by_the_next(world: World, post: Listening) -> None:
    answer(world, "kursus/dag", ANNA, "accept")
    post.follow()
    answer(world, "kursus/dag", BO, "decline")
    post.follow()
    assert statuses(world) == {ANNA: "registered", BO: "declined"}


def test_a_round_that_fails_leaves_the_hint(world: World, post: Listening) -> None:
    """Another run holds the lock, or Graph is away: the next round still knows."""
    answer(world, "kursus/dag", ANNA, "accept")
    post.settle()
    world.tenant.faults.add(method="GET", path="/calendarView", status=403, times=1)
    with pytest.raises(Exception, match="graph_"):
        post.follow()
    # The answer is a mail in the inbox as well.
    assert {one.resource for one in post.stores.notifications.take_hints("demo")} == {Resource.EVENTS, Resource.INBOX}


@pytest.mark.parametrize("path", ["/graph/notifications", "/graph/lifecycle"])
def test_forgeries_lead_to_no_work(world: World, post: Listening, path: str) -> None:
    real = of_events(world)
    forged = [
        item(real, clientState="x" * 43),
        item(real, clientState=None),
        item(real, clientState=real.sent["clientState"] + " "),
        item(real, subscriptionId="00000000-0000-0000-0000-000000000000"),
        item(real, clientState="", lifecycleEvent="subscriptionRemoved"),
        item(real, clientState="y" * 43, lifecycleEvent="missed"),
        item(real, clientState="\ud800" * 43),
        {},
        7,
    ]
    assert post.post(json.dumps({"value": forged * 200}), path).status_code == 202
    refusals = [
        post.post(b"not json", path),
        post.post(b"[" * 100_000, path),
        post.post(b"[]", path),
        post.post(json.dumps({"value": "x"}), path),
        post.post(b"\xff" * (512 * 1024 + 1), path),
        post.post(b"\xff", path),
    ]
    assert [one.status_code for one in refusals] == [400, 400, 400, 400, 413, 400]
    assert post.nothing_came()
    assert of_events(world).id in {one.id for one in post.stores.notifications.load_subscriptions()}
    assert world.tenant.journal.entries == []


def test_a_subscription_that_is_gone_without_a_word_is_made_anew_and_what_was_missed_is_found(world: World, post: Listening) -> None:
    world.tenant.subscriptions.remove(of_events(world))
    answer(world, "kursus/dag", ANNA, "accept")
    assert not post.nothing_came(), "the answer's mail in the inbox tells, and the calendar does not"
    assert post.nothing_came()
    watched = post.renew()
    assert (watched.created, watched.resync) == (1, True)
    assert post.read().new_answers == 1
    assert [one.query for one in requests(world, "GET", f"{world.mailbox}/calendarView/delta") if "token" in one.query.lower()] == []
    answer(world, "kursus/dag", BO, "accept")
    post.follow()
    assert statuses(world) == {ANNA: "registered", BO: "registered"}


def test_one_of_this_address_that_is_in_no_books_makes_room(world: World, post: Listening) -> None:
    """Of books that were lost: Graph makes no second one (409)."""
    stray = of_events(world)
    post.stores.notifications.forget_subscriptions([stray.id])
    watched = post.renew()
    assert (watched.created, watched.unwatched, watched.outcome) == (1, {}, JobOutcome.DONE)
    assert of_events(world).id != stray.id
    answer(world, "kursus/dag", ANNA, "accept")
    post.follow()
    assert statuses(world)[ANNA] == "registered"


def test_one_of_another_address_is_somebody_elses_and_the_inbox_is_none_of_its_business(world: World, post: Listening) -> None:
    stray = of_events(world)
    stray.sent["notificationUrl"] = stray.sent["lifecycleNotificationUrl"] = "https://anden.kommune.example/graph/notifications"
    post.stores.notifications.forget_subscriptions([one.id for one in post.stores.notifications.load_subscriptions()])
    for one in [one for one in world.tenant.subscriptions.living() if one.kind != "events"]:
        world.tenant.subscriptions.remove(one)
    watched = post.renew()
    assert (watched.created, {resource: error.code for resource, error in watched.unwatched.items()}) == (
        1, {Resource.EVENTS: "subscription_elsewhere"},
    )  # fmt: skip
    assert of_events(world).id == stray.id, "it is left to whoever made it"


def test_another_plan_of_the_mailbox_shares_what_is_there(world: World, post: Listening) -> None:
    books = post.stores.notifications
    (of_calendar,) = (one for one in books.load_subscriptions() if one.resource is Resource.EVENTS)
    books.forget_subscriptions([of_calendar.id])
    books.save_subscription(replace(of_calendar, plan="andet"))
    assert (post.renew().unwatched, requests(world, "POST")) == ({}, [])
    assert {(one.plan, one.id) for one in books.load_subscriptions() if one.resource is Resource.EVENTS} == {
        ("andet", of_calendar.id), ("demo", of_calendar.id),
    }  # fmt: skip
    world.tenant.journal.clear()
    again = post.renew()
    assert (again.created, requests(world, "POST")) == (0, [])


def test_a_subscription_that_outlook_removes_is_made_anew_at_once(world: World, post: Listening) -> None:
    world.tenant.subscriptions.remove(of_events(world), tell=True)
    assert post.upkeep.get(timeout=30) == "demo"
    answer(world, "kursus/dag", ANNA, "accept")
    assert post.renew().created == 1
    post.follow()
    assert statuses(world)[ANNA] == "registered"


def test_missed_notifications_let_everything_be_read(world: World, post: Listening) -> None:
    world.tenant.settings.change({"notification_copies": 0})
    answer(world, "kursus/dag", ANNA, "accept")
    world.tenant.settings.change({"notification_copies": 1})
    world.tenant.subscriptions.tell_lifecycle(of_events(world), "missed")
    assert post.follow().new_answers == 1
    (first, *_) = requests(world, "GET", f"{world.mailbox}/calendarView/delta")
    assert "startDateTime" in first.query


def test_graph_may_ask_for_a_renewal_before_its_time(world: World, post: Listening) -> None:
    world.tenant.subscriptions.tell_lifecycle(of_events(world), "reauthorizationRequired")
    assert post.upkeep.get(timeout=30) == "demo"
    watched = post.renew()
    assert (watched.renewed, watched.created, len(requests(world, "PATCH"))) == (1, 0, 1)
    assert post.renew().renewed == 0


def test_subscriptions_are_renewed_when_half_of_their_life_is_over(world: World, post: Listening) -> None:
    """70.5 hours at most, so after 35; one that has run out is made anew."""
    granted = of_events(world).expires_at - NOW
    assert timedelta(hours=70) < granted <= timedelta(minutes=4230)
    world.move_clock((NOW + timedelta(hours=34)).isoformat())
    assert post.renew().renewed == 0
    world.move_clock((NOW + timedelta(hours=36)).isoformat())
    assert post.renew().renewed == 2
    assert of_events(world).expires_at - world.now == granted
    assert post.renew().renewed == 0
    world.move_clock((NOW + timedelta(hours=36 + 71)).isoformat())
    answer(world, "kursus/dag", ANNA, "accept")
    watched = post.renew()
    assert (watched.renewed, watched.created) == (0, 2)
    post.read()
    assert statuses(world)[ANNA] == "registered"


def test_a_renewal_of_what_is_gone_becomes_a_new_one(world: World, post: Listening) -> None:
    """It was still listed a moment ago."""
    world.move_clock((NOW + timedelta(hours=36)).isoformat())
    world.tenant.faults.add(method="PATCH", path="/subscriptions/", status=404, times=1)
    watched = post.renew()
    assert (watched.renewed, watched.created, watched.resync) == (1, 1, True)


def test_an_unclear_creation_is_looked_up_and_its_secret_holds(world: World) -> None:
    begin(world, ANNA)
    world.tenant.faults.add(method="POST", path="/subscriptions$", status=503, when="after", times=1)
    with listening_to(world) as listening:
        assert listening.renew().created == 2
        assert len(world.tenant.subscriptions.living()) == 2
        listening.read()
        answer(world, "kursus/dag", ANNA, "accept")
        listening.follow()
        assert statuses(world)[ANNA] == "registered"


def test_with_a_lost_database_what_nobody_can_check_any_more_is_removed(world: World, post: Listening) -> None:
    before = {one.id for one in world.tenant.subscriptions.living()}
    post.stores.notifications.forget_subscriptions(before)
    watched = post.renew()
    assert (watched.created, watched.removed) == (2, 2)
    assert before.isdisjoint(one.id for one in world.tenant.subscriptions.living())


def test_a_new_address_takes_the_place_of_the_old_and_none_ends_it(world: World, post: Listening) -> None:
    old = post.address
    post.address = old.replace("127.0.0.1", "localhost")
    watched = post.renew()
    assert (watched.created, watched.removed) == (2, 2)
    assert {one.notification_url for one in world.tenant.subscriptions.living()} == {post.address + "/graph/notifications"}
    post.changes["web"] = WebSettings()
    watched = post.renew()
    assert (watched.created, watched.removed, watched.resync) == (0, 2, False)
    assert world.tenant.subscriptions.living() == []
    world.tenant.journal.clear()
    assert post.renew().removed == 0
    assert world.tenant.journal.entries == []


def test_an_inbox_that_may_not_be_read_is_not_watched_and_the_rest_works(world: World) -> None:
    begin(world, ANNA)
    world.tenant.settings.roles = {"Calendars.Read", "Calendars.ReadWrite", "User.Read.All", "Mail.Send"}
    with listening_to(world) as listening:
        watched = listening.renew()
        assert (watched.created, [*watched.unwatched], watched.outcome) == (1, [Resource.INBOX], JobOutcome.DONE)
        assert listening.renew().created == 0


def doctor(world: World, **settings: str) -> tuple[str, str]:
    ran = world.run("doctor", "--format", "json", **settings)
    assert ran.writes == ()
    (found,) = [(one["state"], one["message"]) for one in ran.json["checks"] if one["check"] == "notifications"]
    return found


def test_doctor_says_whether_notifications_are_on_and_what_is_missing(world: World, post: Listening) -> None:
    web = {"WEB__BASE_URL": post.address, "WEB__SECRET_KEY": SECRET}
    assert doctor(world)[0] == "ok"
    assert "KURSUSBOT_WEB__BASE_URL" in doctor(world)[1]
    state, told = doctor(world, **web, JOBS__RENEW_SUBSCRIPTIONS="off")
    assert (state, "KURSUSBOT_JOBS__RENEW_SUBSCRIPTIONS" in told) == ("ok", True)
    state, told = doctor(world, **web)
    assert (state, "06-03-2025 kl. 07.20" in told, f"{post.address}/graph/lifecycle" in told) == ("ok", True, True)
    inbox, events = sorted(post.stores.notifications.load_subscriptions(), key=lambda one: one.resource is Resource.EVENTS)
    post.stores.notifications.forget_subscriptions([inbox.id])
    state, told = doctor(world, **web)
    assert (state, "Mail.ReadWrite" in told) == ("unknown", True)
    assert doctor(world, **web, MAILBOX__KEEPS_DRAFTS="false")[0] == "ok"
    post.stores.notifications.forget_subscriptions([events.id])
    state, told = doctor(world, **web)
    assert (state, f"{post.address}/graph/notifications" in told) == ("unknown", True)
    assert doctor(world, **web, DATABASE_URL=f"sqlite:///{world.folder}/another.db")[0] == "unknown"


def test_without_drafts_the_inbox_is_not_asked_for(world: World) -> None:
    begin(world, ANNA)
    with listening_to(world, mailbox=WITHOUT_DRAFTS) as listening:
        assert listening.renew().created == 1
        assert [body_of(one)["resource"].rpartition("/")[2] for one in requests(world, "POST")] == ["events"]


def test_an_address_that_graph_cannot_reach_is_told_and_does_not_stop_anything(world: World) -> None:
    """Nobody listens there: the handshake fails, and polling goes on."""
    begin(world, ANNA)
    with listening_to(world) as listening:
        listening.address = "http://127.0.0.1:9"
        watched = listening.renew()
        assert (watched.created, watched.outcome) == (0, JobOutcome.PARTLY)
        assert {one.graph_code for one in watched.unwatched.values()} == {"ValidationError"}
        answer(world, "kursus/dag", ANNA, "accept")
        assert listening.read().new_answers == 1


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, world: World) -> Iterator[World]:
    """A world on each kind of database, and so with each kind of queue."""
    if request.param == "sqlite":
        yield world
        return
    with shared_database(world, request.getfixturevalue("server")):
        yield world


def test_the_service_reads_an_answer_at_once_and_makes_a_lost_subscription_anew(town: World) -> None:
    """The clock stands still: nothing is polled, and what happens comes of Graph's calls."""
    begin(town, ANNA, BO)
    web = {"base_url": "http://127.0.0.1", "secret_key": SECRET}

    async def scene() -> None:
        async with at_work(settings_for(town, web=web)) as service:
            with serving(app_of(service), host="127.0.0.1", port=0) as address:
                shelf = service.plans.shelves["demo"]
                shelf.settings = shelf.settings.model_copy(update={"web": WebSettings(base_url=address, secret_key=SecretStr(SECRET))})
                await service.queue.put(order("renew_subscriptions"))
                await until(lambda: outcomes(service) == {("demo", "renew_subscriptions"): "done"})
                answer(town, "kursus/dag", ANNA, "accept")
                await until(lambda: statuses_in(service.stores) == {ANNA: "registered", BO: "invited"})
                town.tenant.subscriptions.remove(of_events(town), tell=True)
                answer(town, "kursus/dag", BO, "decline")
                await until(lambda: statuses_in(service.stores)[BO] == "declined")
                await until(lambda: len(town.tenant.subscriptions.living()) == 2)

    asyncio.run(scene())


def statuses_in(stores: Stores) -> dict[str, str]:
    return {one.email: one.status.value for one in stores.answers.load_registrations("demo")}
