"""Reminder rules.

When (`before`/`after` an anchor, by days or elapsed time), to whom, where, with which template.

    exactly one of  before · after              → the anchor: start end deadline invited
    exactly one of  days · working_days · weeks → with `at`, a wall clock
                    hours · minutes             → elapsed time, never with `at`
    expires         a duration, or with `at` an hour of the same day
    who came or not         only after the end
    the template no_show    to those who did not come, and nobody else; never in a channel

Decision: `to`, `channels` and `template` must be given, since a wrong guess is a mail to everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.reminder_rules import (
    WHO_CAME,
    Channel,
    ReminderAnchor,
    ReminderRule,
    ReminderTarget,
    ReminderUnit,
)
from bot.domain.templates import IN_RULES, MessageKind
from bot.plan import fields, keys
from bot.plan.findings import shown
from bot.plan.moments import CLOCK, clock_time, duration
from bot.plan.scope import IdsOnce, reference

if TYPE_CHECKING:
    from datetime import time

    from bot.plan.findings import Findings
    from bot.plan.nodes import Scalar, Spot
    from bot.plan.records import PlanRecord

CLOCK_UNITS = (ReminderUnit.DAYS, ReminderUnit.WORKING_DAYS, ReminderUnit.WEEKS)
MOST_UNITS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRule:
    """A rule with where its template stands."""

    rule: ReminderRule
    template: Spot


def read_reminders(owner: PlanRecord) -> tuple[PlacedRule, ...]:
    """The rules under `reminders` of the plan or of a course."""
    ids = IdsOnce()
    return owner.read_list("reminders", keys.REMINDER_KEYS, lambda item: _read_rule(item, ids))


def _read_rule(item: PlanRecord, ids: IdsOnce) -> PlacedRule:
    side = _only_one(item, ("before", "after"))
    unit = ReminderUnit(_only_one(item, tuple(unit.value for unit in ReminderUnit)))
    if unit in CLOCK_UNITS:
        at = item.require("at", clock_time) if item.has(unit) else item.read("at", clock_time)
    else:
        at = None
        if item.has("at"):
            item.note_contradiction("at", unit)
    for key in ("to", "channels"):
        if not item.has(key):
            item.note_missing(key)
    rule = ReminderRule(
        id=ids.read(item),
        before=side == "before",
        anchor=item.read(side, fields.choice(ReminderAnchor)) or ReminderAnchor.START,
        amount=item.read(unit, fields.whole(0, MOST_UNITS)) or 0,
        unit=unit,
        to=item.read_each("to", fields.choice(ReminderTarget)),
        channels=item.read_each("channels", fields.choice(Channel)),
        template=item.require_text("template", reference("template", IN_RULES, listed=True)),
        at=at,
        expires=item.read("expires", _expiry(at)),
        urgent=item.read("urgent", fields.flag) or False,
    )
    _check_who_came(item, rule)
    return PlacedRule(rule=rule, template=item.spot_of("template"))


def _check_who_came(item: PlanRecord, rule: ReminderRule) -> None:
    """Who came is known when it is over; and that somebody was missed is told to them alone."""
    is_over = rule.anchor is ReminderAnchor.END and not rule.before
    if WHO_CAME & set(rule.to) and not is_over:
        item.findings.error("value.invalid", item.spot_of("to"), reason="who_came_after")
    if rule.template != MessageKind.NO_SHOW:
        return
    if rule.to != (ReminderTarget.NO_SHOW,) and item.has("to"):
        item.findings.error("value.invalid", item.spot_of("to"), reason="no_show_alone")
    if Channel.CHANNEL in rule.channels:
        item.note_contradiction("channels", "template")


def _expiry(at: time | None) -> fields.Field[timedelta]:
    """How long it is worth sending: a duration, or the hour of the same day at which it no longer is."""

    def read(scalar: Scalar, findings: Findings) -> timedelta | None:
        if CLOCK.fullmatch(scalar.text) is None:
            return duration(scalar, findings)
        until = clock_time(scalar, findings)
        if until is None:
            return None
        if at is None or until <= at:
            findings.error(
                "value.invalid", scalar.spot, reason="expires_clock", value=shown(scalar.as_written)
            )
            return None
        return timedelta(hours=until.hour - at.hour, minutes=until.minute - at.minute)

    return read


def _only_one(item: PlanRecord, options: tuple[str, ...]) -> str:
    """The one key of `options` that is given; none or several are noted, and the first stands."""
    given = item.given(options)
    if not given:
        item.note_missing(" / ".join(item.name_of(option) for option in options))
        return options[0]
    for other in given[1:]:
        item.note_contradiction(other, given[0])
    return given[0]
