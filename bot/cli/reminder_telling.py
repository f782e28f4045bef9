"""How reminders are told: one line for those who get the same at the same time, and all of them as JSON."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from bot.desks.hand.seat_words import name_of
from bot.desks.messages.reminder_rows import reminder_objects
from bot.domain.messages import DeliveryState
from bot.domain.reminder_rules import Channel
from bot.domain.reminders import NotSent, ReminderState, channel_of
from bot.i18n.catalogue import plural, text
from bot.i18n.dates import short_moment_text
from bot.i18n.sorting import danish_key
from bot.i18n.spoken import reason_text
from bot.invitations.preview import follow_up
from bot.invitations.preview_reader import Reader
from bot.messages.characters import one_line
from bot.registrations.listing import wall_time

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.domain.messages import Message
    from bot.domain.people import Language, PeopleIndex
    from bot.domain.plan import CoursePlan
    from bot.domain.reminders import Reminder
    from bot.rounds.reminders import Reminded

NAMES_SHOWN = 6
TO_COME = frozenset({ReminderState.SCHEDULED, ReminderState.DUE})
CARD = "card"
"""What is counted apart from a line in the activity feed."""


def as_json(found: Iterable[Reminder]) -> str:
    """The contract's shape (`bot.desks.messages.reminder_rows`)."""
    return json.dumps(reminder_objects(found), ensure_ascii=False, indent=2) + "\n"


def as_text(found: Sequence[Reminder], plan: CoursePlan, people: PeopleIndex, language: Language) -> str:
    """By time and rule: when, what, about which session, to whom and why; and what is in the way."""
    if not found:
        return text(language, "reminders.none") + "\n"
    titles = {course.id: one_line(course.title) for course in plan.courses}
    lines = []
    for _, group in groupby(sorted(found, key=_together), key=_together):
        alike = list(group)
        one, item = alike[0], alike[0].item
        listed = (
            one_line(name_of(people, each.email)) if each.email else text(language, "reminders.channel")
            for each in alike
        )
        names = sorted(listed, key=danish_key)
        kind, title = _kind_of(one, people, language), titles.get(item.course, item.course)
        when = short_moment_text(language, wall_time(one.due_at, plan))
        way = "" if item.channel == Channel.MAIL else ", " + text(language, f"reminders.way.{item.channel}")
        lines.append(f"{when}  {kind}: {title} ({item.offering}/{item.session}, {item.rule}{way})")
        more = len(names) - NAMES_SHOWN
        shown = ", ".join(names[:NAMES_SHOWN]) + (
            " " + plural(language, "reminders.more", more) if more > 0 else ""
        )
        why = text(language, f"reminders.target.{one.target}")
        lines.append(f"    {plural(language, 'reminders.people', len(names))} ({why}): {shown}")
        lines.append(f"    {_where_it_stands(one, language)}")
    return "\n".join(lines) + "\n"


def _kind_of(one: Reminder, people: PeopleIndex, language: Language) -> str:
    """What it is; of a copy also whose."""
    kind = text(language, f"messages.kind.{one.item.template}")
    if not one.is_copy:
        return kind
    return text(language, "reminders.copy_of", kind=kind, leader=one_line(name_of(people, one.item.leader)))


def _where_it_stands(one: Reminder, language: Language) -> str:
    is_early = one.is_sent_by_hand and one.state in TO_COME and one.reason in {"", NotSent.OUTSIDE_HOURS}
    if one.word is not None and (is_early or one.reason == NotSent.SKIPPED_BY_HAND):
        return text(language, f"remind.told.{one.word.kind}", by=one_line(one.word.by))
    is_lost_post = one.state is ReminderState.UNCERTAIN and not one.email
    state = text(language, f"reminders.state.{'uncertain_post' if is_lost_post else one.state}")
    return f"{state}: {reason_text(one.reason, language)}" if one.reason else state


def sent_line(messages: Iterable[Message], language: Language, *, foreseen: bool = False) -> str:
    """How many mails went out, a digest being one, and what went to Teams; or, `foreseen`, would go.

    What goes to somebody in Teams becomes a card in their chat or a line in their feed: which, is known when
    it has gone.
    """
    way_of = channel_of if foreseen else _way_of
    sent = Counter(way_of(one) for one in messages if one.state is DeliveryState.SENT)
    said = "reminders.will" if foreseen else "reminders"
    lines = [plural(language, f"{said}.sent", sent[Channel.MAIL])]
    for way, code in ((CARD, "cards"), (Channel.TEAMS, "lines"), (Channel.CHANNEL, "posts")):
        if sent[way]:
            lines.append(plural(language, f"{said}.{code}", sent[way]))
    return "\n".join(lines)


def _way_of(message: Message) -> str:
    return CARD if message.is_in_chat else channel_of(message)


def seat_messages_text(reminded: Reminded, plan: CoursePlan, language: Language) -> str:
    """What a round would send that no rule asks for: messages about seats that have waited.

    Empty where there is none.
    """
    about_seats = [
        one for one in reminded.carried.messages if one.state is DeliveryState.SENT and not one.is_reminder
    ]
    return follow_up((), about_seats, (), Reader(plan=plan, people=reminded.people, language=language))


def _together(one: Reminder) -> tuple[datetime, str, str, str, str, str]:
    said = one.word.by if one.word else ""
    return one.due_at, one.item.stem, one.state.value, str(one.reason), one.target.value, said
