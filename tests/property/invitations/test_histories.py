"""Whatever HR writes, whatever people do in Outlook and whenever the machine dies: what holds after the next whole run."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.changes import Conflict, Reason
from bot.domain.events import EventField
from bot.domain.times import instant
from bot.invitations.fingerprint import same_value
from tests.builders.model_rounds import failures, writes
from tests.builders.outlook_model import Kind, balance
from tests.property.invitations.story import EVENTS, Story, begin

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.domain.changes import Change
    from bot.rounds.steps.read_world import Reading

# A turn: what happens, with its number; after how many steps the next run's machine dies (if one begins); whether a whole run follows.
turns = st.tuples(st.sampled_from(EVENTS), st.integers(0, 9999), st.none() | st.integers(0, 10), st.booleans())
Turn = tuple["Callable[[Story, int], None]", int, "int | None", bool]


@given(history=st.lists(turns, min_size=4, max_size=9), restore=st.booleans(), mails_everybody=st.booleans())
def test_a_whole_run_puts_everything_right_and_mails_nobody_too_much(history: list[Turn], restore: bool, mails_everybody: bool) -> None:
    """From everybody invited, turn by turn; the checks are those of `whole_run`. Outlook mails those who changed, or everybody."""
    story = begin(restore=restore)
    story.town.outlook.mails_everybody = mails_everybody
    whole_run(story)
    for event, number, death, whole in history:
        story.happen(event, number)
        if death is not None:
            story.town.sync_through_a_crash(death)
        if whole:
            whole_run(story)
    whole_run(story)


def whole_run(story: Story) -> None:
    """One run that nobody interrupts, and everything that holds of it and after it."""
    town, outlook = story.town, story.town.outlook
    mark = len(outlook.mails)
    past = {event.event_id: event.frozen for event in outlook.events if event.end <= town.now}
    foreign = [event.frozen for event in story.foreign]

    reading, applied = town.sync()

    assert failures(applied) == []
    assert Counter(mail.stamp for mail in outlook.mails[mark:]) == promised(reading), "what was counted is what was sent"
    assert {event.event_id: event.frozen for event in outlook.events if event.event_id in past} == past, "the past is not touched"
    assert [event.frozen for event in story.foreign] == foreign, "what is not ours is not touched"
    again = town.read()
    assert [describe(change) for change in writes(again)] == [], "nothing is left to write"
    assert_wanted_events_stand(story, again)
    assert_nobody_got_a_mail_too_many(story, again)
    assert_order_does_not_matter(story, again)
    for event in outlook.events:
        event.unlisted = False


def promised(reading: Reading) -> Counter[str]:
    counted: Counter[str] = Counter()
    for change in reading.change_set.changes:
        counted[str(change.key)] += change.mails
    return +counted


def describe(change: Change) -> tuple[object, ...]:
    return (change.action, str(change.key), change.reason.value, getattr(change, "fields", ()), getattr(change, "add", ()))


def assert_wanted_events_stand(story: Story, reading: Reading) -> None:
    """One event for each session ahead, saying what the plan says, everybody on it; but for conflicts that are told."""
    world = reading.world
    told: dict[object, list[Conflict]] = {}
    for change in reading.change_set.changes:
        if isinstance(change, Conflict):
            told.setdefault(change.key, []).append(change)
    for key, desired in world.wanted.events.items():
        conflicts = told.get(key, [])
        reasons = {change.reason for change in conflicts}
        ahead = instant(desired.content.start, desired.content.timezone) > world.now
        if not ahead or key in world.wanted.held or reasons & {Reason.VANISHED, Reason.PAST}:
            continue
        standing = story.town.outlook.live(str(key))
        copies = sum(1 for change in conflicts if change.reason is Reason.DUPLICATE)
        assert len([event for event in standing if event.end > world.now]) == 1 + copies, f"one event for {key}"
        event = next(event for event in standing if event.event_id == world.ledger[key].event_id)
        left = {field for change in conflicts for field in change.fields}
        assert {field for field in EventField if not same_value(desired.content, event.content, field)} <= left, f"{key} as planned"
        if instant(event.content.start, event.content.timezone) > world.now:
            present = {world.people.canonical(one.email) for one in event.attendees}
            missing = {email for change in conflicts for email in change.missing}
            assert {one.email for one in desired.attendees} <= present | missing, f"everybody is on {key}"


def assert_nobody_got_a_mail_too_many(story: Story, reading: Reading) -> None:
    outlook, world = story.town.outlook, reading.world
    assert set(balance(outlook.mails).values()) <= {0, 1}, "nobody is invited twice or taken off twice"
    unavoidable = {Kind.UPDATE} if outlook.mails_everybody else set()
    quiet = [mail for mail in outlook.mails[story.quiet_since :] if mail.by_bot and mail.kind not in unavoidable]
    assert [mail for mail, count in Counter(quiet).items() if count > 1] == [], "one change is one mail, whenever the machine dies"
    wanted = {str(key): {one.email for one in desired.attendees} for key, desired in world.wanted.events.items()}
    sent_away = [mail for mail in quiet if mail.kind is Kind.CANCELLATION and not outlook.events[number_of(mail.event_id)].gone]
    assert [mail for mail in sent_away if world.people.canonical(mail.address) in wanted.get(mail.stamp, ())] == [], "who stays stays"


def number_of(event_id: str) -> int:
    return int(event_id.removeprefix("event-")) - 1


def assert_order_does_not_matter(story: Story, reading: Reading) -> None:
    town, plan, members = story.town, story.town.plan, story.town.groups.members
    town.plan = replace(plan, courses=plan.courses[::-1], audiences=plan.audiences[::-1])
    town.groups.members = {group: members[group][::-1] for group in reversed(members)}
    assert town.read().change_set.checksum == reading.change_set.checksum
    town.plan, town.groups.members = plan, members
