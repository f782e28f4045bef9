"""The document's tree → `CoursePlan`: the root, the audiences, and how the parts come together.

Every part that is wrong is noted and stands as an empty value, so that the rest is still checked; the
caller throws the plan away when there was any error. Courses are read by `read_course`.

Decisions where the format is silent: what has no safe default must be given (`version id organisation
timezone language organiser contact courses`; `courses: []` says that there are none on purpose), and
an audience has at least one group or person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.manager_people import ManagersGet
from bot.domain.people import Language, Person
from bot.domain.plan import AudienceRule, CoursePlan
from bot.domain.sending import SendingRules
from bot.domain.shape import NO_SHAPE
from bot.plan import fields, keys
from bot.plan.findings import shown
from bot.plan.moments import clock_time, closing_day, school_holiday, zone_name
from bot.plan.nodes import ROOT, Mapping, Scalar
from bot.plan.read_assumptions import read_assumptions
from bot.plan.read_course import PlacedCourse, read_course
from bot.plan.read_delegates import read_delegates
from bot.plan.read_money import PlacedPool, read_pools
from bot.plan.read_reminder import PlacedRule, read_reminders
from bot.plan.read_wording import read_texts
from bot.plan.records import PlanRecord, record
from bot.plan.scope import IdsOnce, Scope, earlier_id
from bot.working_days import has_holidays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.shape import Shape
    from bot.plan.findings import Findings
    from bot.plan.nodes import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPlan:
    """A plan as read, with the places that the checks across records need."""

    plan: CoursePlan
    courses: tuple[PlacedCourse, ...]
    pools: tuple[PlacedPool, ...]
    reminders: tuple[PlacedRule, ...]


def read_root(node: Node, *, revision: str, findings: Findings, shape: Shape = NO_SHAPE) -> PlacedPlan | None:
    """The whole plan; None (and noted) when the document is not a mapping."""
    if not isinstance(node, Mapping):
        findings.error("plan.unreadable", ROOT, reason="no_mapping")
        return None
    root = PlanRecord(node, keys.PLAN_KEYS, findings)
    root.require("version", _version)
    timezone = root.require("timezone", zone_name)
    language = root.require("language", fields.choice(Language)) or Language.DA
    audiences = tuple(_read_audiences(root))
    assumptions = tuple(read_assumptions(root))
    options = {assumption.id: assumption.options for assumption in assumptions}
    pools = tuple(read_pools(root, options))
    scope = Scope(
        zone=ZoneInfo(timezone) if timezone else None,
        language=language,
        audiences=tuple(audience.id for audience in audiences),
        pools={placed.pool.id: tuple(placed.purposes) for placed in pools},
        assumptions=options,
    )
    if not root.has("courses"):
        root.note_missing("courses")
    course_ids = IdsOnce()
    courses = root.read_list("courses", keys.COURSE_KEYS, lambda item: read_course(item, scope, course_ids))
    reminders = read_reminders(root)
    identity = root.require_text("id", fields.plan_id)
    plan = CoursePlan(
        id=identity,
        revision=revision,
        organisation=root.require_text("organisation", fields.line_text()),
        timezone=timezone or "",
        language=language,
        organiser=root.require_text("organiser", fields.address),
        contact=root.require_text("contact", fields.address),
        holidays=root.read("holidays", _country),
        closing_days=root.read_each("closing_days", closing_day),
        school_holidays=root.read_each("school_holidays", school_holiday),
        sending=_read_sending(root),
        managers=root.read("managers", fields.choice(ManagersGet)),
        audiences=audiences,
        delegates=read_delegates(root, audiences),
        funding=tuple(placed.pool for placed in pools),
        assumptions=assumptions,
        reminders=tuple(placed.rule for placed in reminders),
        texts=read_texts(root, language),
        courses=tuple(placed.course for placed in courses),
        was=earlier_id(root, identity, fields.plan_id),
        shape=shape,
    )
    return PlacedPlan(plan=plan, courses=courses, pools=pools, reminders=reminders)


def _read_audiences(root: PlanRecord) -> Iterator[AudienceRule]:
    ids = IdsOnce()
    for key, value in root.read_pairs("audiences"):
        found = ids.declare(key, root.findings)
        item = record(value, keys.AUDIENCE_KEYS, root.findings)
        if item is None:
            continue
        if not item.given(("groups", "people")):
            item.note_missing("groups")
        yield AudienceRule(
            id=found,
            name=item.read("name", fields.line_text()) or found,
            groups=item.read_each("groups", fields.group),
            people=item.read_list("people", keys.PERSON_KEYS, _read_person),
            exclude=item.read_each("exclude", fields.group),
        )


def _read_person(item: PlanRecord) -> Person:
    return Person(
        email=item.require_text("email", fields.address),
        name=item.read_text("name", fields.line_text()),
        language=item.read("language", fields.choice(Language)),
    )


def _read_sending(root: PlanRecord) -> SendingRules:
    item = root.read_record("sending", keys.SENDING_KEYS)
    if item is None:
        return SendingRules()
    silent = SendingRules()
    weekends, digest = item.read("weekends", fields.flag), item.read("digest", fields.flag)
    rules = SendingRules(
        from_time=item.read("from", clock_time) or silent.from_time,
        to_time=item.read("to", clock_time) or silent.to_time,
        weekends=silent.weekends if weekends is None else weekends,
        digest=silent.digest if digest is None else digest,
        max_per_week=item.read("max_per_week", fields.whole(1, 100)) or silent.max_per_week,
    )
    if rules.from_time >= rules.to_time:
        item.note_contradiction("to" if item.has("to") else "from", "from" if item.has("to") else "to")
    return rules


def _version(scalar: Scalar, findings: Findings) -> int | None:
    if scalar.text == str(keys.FORMAT_VERSION):
        return keys.FORMAT_VERSION
    findings.error(
        "value.invalid",
        scalar.spot,
        reason="version",
        value=shown(scalar.as_written),
        known=keys.FORMAT_VERSION,
    )
    return None


def _country(scalar: Scalar, findings: Findings) -> str | None:
    code = scalar.text.strip().upper()
    if has_holidays(code):
        return code
    findings.error("value.invalid", scalar.spot, reason="country", value=shown(scalar.as_written))
    return None
