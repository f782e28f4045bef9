"""Enrolment: the mode, its dates and seats, and which of its keys contradict each other.

    key                    goes only with
    via                    mode: choose
    unanswered (not leave) mode: choose, and a deadline
    waiting_list: true     a capacity (the enrolment's or an offering's)
    waiting_list_until     a waiting list
    late: waitlist         a waiting list
    minimum                a deadline, and not above the capacity

`waiting_list` is true by default where the enrolment or any offering has a capacity; an offering's own
capacity wins over the enrolment's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode, LateAnswer, Unanswered
from bot.plan import fields
from bot.plan.moments import day_begins, day_ends
from bot.plan.scope import read_wall

if TYPE_CHECKING:
    from bot.plan.records import PlanRecord
    from bot.plan.scope import Scope

MOST_SEATS = 100_000
seats = fields.whole(1, MOST_SEATS)


def read_enrolment(item: PlanRecord, scope: Scope, *, offering_capacity: bool) -> Enrolment:
    """What stands under `enrolment`; `offering_capacity` says whether any offering has its own capacity."""
    mode = item.read("mode", fields.choice(EnrolmentMode)) or EnrolmentMode.INVITE
    capacity = item.read("capacity", seats)
    waiting_list = item.read("waiting_list", fields.flag)
    enrolment = Enrolment(
        mode=mode,
        via=item.read("via", fields.choice(ChooseVia)) or ChooseVia.OUTLOOK,
        opens=read_wall(item, "opens", scope, day_begins),
        deadline=read_wall(item, "deadline", scope, day_ends),
        capacity=capacity,
        waiting_list=(capacity is not None or offering_capacity) if waiting_list is None else waiting_list,
        waiting_list_until=read_wall(item, "waiting_list_until", scope, day_ends),
        unanswered=item.read("unanswered", fields.choice(Unanswered)) or Unanswered.LEAVE,
        minimum=item.read("minimum", seats),
        late=item.read("late", fields.choice(LateAnswer)) or LateAnswer.ACCEPT,
        handover=item.read("handover", fields.flag) or False,
    )
    _note_contradictions(item, enrolment, has_capacity=item.has("capacity") or offering_capacity)
    return enrolment


def _note_contradictions(item: PlanRecord, enrolment: Enrolment, *, has_capacity: bool) -> None:
    chooses = enrolment.mode is EnrolmentMode.CHOOSE
    decides = enrolment.unanswered is not Unanswered.LEAVE
    listed = enrolment.waiting_list
    opens, deadline = enrolment.opens, enrolment.deadline
    is_never_open = opens is not None and deadline is not None and opens >= deadline
    for key, other, broken in (
        ("via", "mode", item.has("via") and not chooses),
        ("unanswered", "mode", decides and not chooses),
        ("waiting_list", "capacity", listed and not has_capacity),
        ("waiting_list_until", "waiting_list", item.has("waiting_list_until") and not listed),
        ("late", "waiting_list", enrolment.late is LateAnswer.WAITLIST and not listed),
        ("opens", "deadline", is_never_open),
    ):
        if broken:
            item.note_contradiction(key, other)
    _note_minimum(item, enrolment)
    if (item.has("minimum") or (decides and chooses)) and not item.has("deadline"):
        item.note_missing("deadline")


def _note_minimum(item: PlanRecord, enrolment: Enrolment) -> None:
    capacity, minimum = enrolment.capacity, enrolment.minimum
    if minimum is not None and capacity is not None and minimum > capacity:
        item.note_more("minimum", "capacity", count=minimum, limit=capacity)
