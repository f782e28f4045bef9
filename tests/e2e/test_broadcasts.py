"""HR's own words on their way: whatever happens to Outlook, to processes and to people, each gets them once or not at all."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.desks.messages import broadcasts as desk
from bot.desks.messages.broadcasts import BroadcastRefused
from bot.desks.plan import BookPlanDesk
from bot.domain.broadcasts import BroadcastGroup, Whereabouts
from bot.domain.messages import DeliveryState
from bot.domain.people import Language
from bot.opening.plan_source import load_plan
from bot.opening.stores import open_stores
from tests.e2e.as_it_was import played_once
from tests.e2e.killing import ATTEMPTS, SWEPT, killed_at
from tests.e2e.plans import make_course, make_plan, people
from tests.e2e.service_driver import settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.broadcasts import Broadcast
    from bot.opening.work import BookWork
    from tests.e2e.driver import World

ALL = ANNA, BO, CARL, DORTE = tuple(f"{name}@partner.example" for name in ("anna", "bo", "carl", "dorte"))
HERE = Whereabouts(course="lederdag")
EVERYBODY = (BroadcastGroup.REGISTERED, BroadcastGroup.SILENT)
BY = "hanne.prove@norddjurs.example"
LOCKED = 5


@pytest.fixture
def at_work(world: World) -> World:
    """Four are invited, and have not answered."""
    invited(world)
    return world


@played_once
def invited(world: World) -> None:
    world.write(make_plan(make_course(), audiences=people(*ALL)))
    world.sync()


@contextmanager
def books(world: World, **changes: object) -> Iterator[BookWork]:
    settings = settings_for(world, **changes)
    with open_stores(settings) as stores:
        yield BookPlanDesk(settings, asyncio.run(load_plan(settings)), stores).books


def draft(work: BookWork, subject: str = "Husk computer", **changes: object) -> Broadcast:
    words = {Language.DA: (subject, "Vi skal prøve det af.")}
    return desk.write_broadcast(work, **({"where": HERE, "groups": EVERYBODY, "words": words, "by": BY} | changes))


def send(work: BookWork, one: Broadcast, *, at_once: bool = True) -> bool:
    return desk.send_broadcast(work, one, desk.look_at_broadcast(work, one).digest, by=BY, at_once=at_once, noted=())


def pressed(world: World, subject: str = "Husk computer", *, at_once: bool = True, **changes: object) -> str:
    """HR has pressed send, and nothing has gone yet: its id."""
    with books(world) as work:
        made = draft(work, subject, **changes)
        assert send(work, made, at_once=at_once)
        return made.id


def got(world: World, subject: str = "Husk computer") -> Counter[str]:
    """Who got it how often."""
    return Counter(mail.to for mail in world.tenant.mail_log.to_people() if mail.subject == subject)


def became(world: World, broadcast: str) -> dict[str, int]:
    with books(world) as work:
        (one,) = (told for told in desk.broadcasts_of(work, "lederdag") if told.broadcast.id == broadcast)
        return {state.value: count for state, count in one.progress.states.items()}


ONCE = Counter(ALL)


def test_pressing_twice_in_two_tabs_and_by_two_processes_is_one_mail_each(at_work: World) -> None:
    with books(at_work) as first, books(at_work) as second:
        made, same = draft(first), draft(second)
        assert made.id == same.id
        assert [send(first, made), send(second, same), send(first, made)] == [True, False, False]
    assert draft_again(at_work).sent_at is not None, "the same words to the same people are the same"
    for _ in range(2):
        at_work.run("responses")
    assert got(at_work) == ONCE


def draft_again(world: World) -> Broadcast:
    with books(world) as work:
        return draft(work)


@pytest.mark.crossed
@pytest.mark.parametrize("path", ["/messages$", "/send$"])
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 429, "retry_after": "1"}, {"status": 503}, {"status": 504, "when": "after"}, {"status": 502, "when": "after"},
        {"drop": True}, {"drop": True, "when": "after"},
    ],
    ids=["throttled", "away", "lost after", "broken after", "cut", "answer cut"],
)  # fmt: skip
def test_whatever_outlook_answers_each_gets_it_once(at_work: World, path: str, fault: dict[str, object]) -> None:
    made = pressed(at_work)
    at_work.tenant.faults.add(method="POST", path=path, nth=2, **fault)
    for _ in range(3):
        at_work.run("responses", GRAPH__RETRY_BUDGET_SECONDS="1")
        at_work.move_clock((at_work.now + timedelta(minutes=5)).isoformat())
    assert got(at_work) == ONCE
    assert became(at_work, made) == {"sent": 4}


@SWEPT
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_request_the_next_round_sends_the_rest_and_nobody_gets_two(at_work: World, when: str, each: int) -> None:
    """One broadcast for each request of a round."""
    killed, tried = 0, range(1, 15, each)
    for nth in tried:
        for attempt in range(ATTEMPTS):
            subject = f"Nr. {nth}, {attempt}"
            pressed(at_work, subject)
            method = killed_at(at_work, nth, when, "responses")
            for _ in range(2):
                assert at_work.run("responses").code in {0, 1}
            assert got(at_work, subject) == ONCE, nth
            if method is not None:
                break
        killed += bool(method)
    assert killed >= len(tried) * 4 // 7, "it was hardly ever killed in time"


def test_two_rounds_at_once_are_one_mail_each(at_work: World) -> None:
    pressed(at_work)
    running = [at_work.start("responses") for _ in range(2)]
    assert {at_work.finish(one).code for one in running} <= {0, LOCKED}
    at_work.run("responses")
    assert got(at_work) == ONCE


def test_who_came_or_went_since_the_look_makes_it_be_looked_at_again(at_work: World) -> None:
    """Somebody is erased, and somebody gives the seat up: nothing goes before HR has seen who is left."""
    with books(at_work) as work:
        made = draft(work)
        seen = desk.look_at_broadcast(work, made)
        assert [one.email for one in seen.recipients] == [*ALL]
    at_work.answer("lederdag/dag", BO, "decline")
    at_work.run("responses")
    at_work.run("erase", CARL)
    with books(at_work) as work:
        with pytest.raises(BroadcastRefused) as refused:
            desk.send_broadcast(work, made, seen.digest, by=BY, at_once=True, noted=())
        assert (refused.value.code, refused.value.params) == ("broadcast_changed", {"people": 2})
        assert send(work, made)
    at_work.run("responses")
    assert got(at_work) == Counter((ANNA, DORTE))


def test_who_is_erased_after_the_press_gets_nothing_and_the_counts_stand(at_work: World) -> None:
    made = pressed(at_work)
    at_work.run("erase", CARL)
    at_work.run("responses")
    assert got(at_work) == ONCE - Counter((CARL,))
    assert became(at_work, made) == {"sent": 3}


def test_words_that_name_somebody_who_is_erased_are_gone_and_go_to_nobody(at_work: World) -> None:
    made = pressed(at_work, f"Skriv til {CARL}")
    at_work.run("erase", CARL)
    at_work.run("responses")
    assert got(at_work, f"Skriv til {CARL}") == Counter()
    assert became(at_work, made) == {"skipped": 3}


def test_stopping_the_rest_stops_what_has_not_begun_and_says_what_went(at_work: World) -> None:
    """The mailbox sends two a minute: two have it, and the others never get it."""
    at_work.move_clock((at_work.now + timedelta(minutes=5)).isoformat())
    made = pressed(at_work)
    at_work.run("responses", MAILBOX__MESSAGES_PER_MINUTE="2")
    assert became(at_work, made) == {"sent": 2, "due": 2}
    with books(at_work) as work:
        assert desk.stop_broadcast(work, draft(work), by=BY, noted=()) == 2
    for _ in range(2):
        at_work.run("responses")
    assert len(got(at_work)) == 2
    assert became(at_work, made) == {"sent": 2, "skipped": 2}


def test_what_was_under_way_when_it_was_stopped_is_looked_up_and_not_sent_anew(at_work: World) -> None:
    """A draft lies there, unsent: it stays so. One that went all the same counts as sent."""
    made = pressed(at_work)
    at_work.tenant.faults.add(method="POST", path="/send$", nth=1, status=503, times=None)
    at_work.run("responses", GRAPH__RETRY_BUDGET_SECONDS="0")
    at_work.tenant.faults.clear()
    with books(at_work) as work:
        desk.stop_broadcast(work, draft(work), by=BY, noted=())
    for _ in range(2):
        at_work.run("responses")
    assert got(at_work) == Counter()
    assert became(at_work, made) == {"skipped": 4}


def test_outside_the_sending_hours_it_waits_until_they_begin_unless_hr_says_now(at_work: World) -> None:
    at_work.move_clock("2025-03-07T20:00:00+01:00")
    pressed(at_work, "Senere", at_once=False)
    pressed(at_work, "Straks")
    at_work.run("responses")
    at_work.run("send")
    assert (got(at_work, "Senere"), got(at_work, "Straks")) == (Counter(), ONCE)
    at_work.move_clock("2025-03-10T07:00:00+01:00")
    at_work.run("responses")
    assert got(at_work, "Senere") == ONCE


def test_what_could_not_go_for_two_days_is_not_sent_any_more(at_work: World) -> None:
    made = pressed(at_work)
    at_work.move_clock((at_work.now + timedelta(days=2, minutes=1)).isoformat())
    at_work.run("responses")
    assert (got(at_work), became(at_work, made)) == (Counter(), {"expired": 4})


def test_a_round_of_reminders_sends_it_too(at_work: World) -> None:
    pressed(at_work)
    at_work.run("send")
    at_work.run("responses")
    assert got(at_work) == ONCE


def test_an_address_that_mails_came_back_from_is_not_written_to_again(at_work: World) -> None:
    """HR sees who it is, and nobody else is left out for it."""
    with books(at_work) as work:
        first = draft(work, "Første")
        assert send(work, first)
    at_work.run("responses")
    with books(at_work) as work:
        messages = work.stores.outbox.load_messages("demo", course="lederdag")
        of_bo = next(one for one in messages if one.email == BO and one.params.get("broadcast") == first.id)
        work.stores.outbox.save_message(replace(of_bo, state=DeliveryState.FAILED, error="bounced_unknown_address", ended_at=work.now()))
        look = desk.look_at_broadcast(work, draft(work, "Anden"))
        assert ([one.email for one in look.unreachable], [one.email for one in look.recipients]) == ([BO], [ANNA, CARL, DORTE])
        assert [one.email for one in desk.broadcast_troubles(work, first)] == [BO]


def test_a_mail_to_try_it_out_goes_to_its_writer_once_and_counts_as_none(at_work: World) -> None:
    with books(at_work) as work:
        made = draft(work)
        for _ in range(2):
            desk.try_out_broadcast(work, made, to=BY)
    for _ in range(2):
        at_work.run("responses")
    assert got(at_work, "Prøve: Husk computer") == Counter((BY,))
    pressed(at_work)
    at_work.run("responses")
    assert (got(at_work), became(at_work, made.id)) == (ONCE, {"sent": 4})


def test_a_course_under_a_new_name_keeps_what_was_written_and_the_rest_goes(at_work: World) -> None:
    made = pressed(at_work)
    at_work.run("responses", MAILBOX__MESSAGES_PER_MINUTE="1")
    at_work.write(make_plan(make_course("ledelse", was="lederdag"), audiences=people(*ALL)))
    at_work.sync()
    at_work.run("responses")
    assert got(at_work) == ONCE
    with books(at_work) as work:
        (told,) = desk.broadcasts_of(work, "ledelse")
        assert (told.broadcast.id, told.went) == (made, 4)
