"""The document's tree → `CoursePlan`: the root and what courses refer to (audiences, pools, assumptions).

Every part that is wrong is noted and stands as an empty value, so that the rest is still checked; the
caller throws the plan away when there was any error. Courses are read by `read_course`.

Decisions where the format is silent: what has no safe default must be given (`version id organisation
timezone language organiser contact courses`; `courses: []` says that there are none on purpose), and
an audience has at least one group or person.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.assumptions import Assumption
from bot.domain.funding import FundingPool
from bot.domain.people import Language, Person
from bot.domain.plan import AudienceRule, CoursePlan
from bot.domain.sending import SendingRules
from bot.domain.shape import NO_SHAPE
from bot.plan import fields, keys
from bot.plan.findings import shown
from bot.plan.moments import FIRST_YEAR, LAST_YEAR, clock_time, closing_day, zone_name
from bot.plan.nodes import ROOT, Mapping, Scalar
from bot.plan.read_course import PlacedCourse, read_course
from bot.plan.read_reminder import PlacedRule, read_reminders
from bot.plan.records import Record, record, scalar_value
from bot.plan.scope import IdsOnce, Scope, earlier_id
from bot.working_days import has_holidays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.shape import Shape
    from bot.plan.findings import Findings
    from bot.plan.nodes import Node, Spot

UNDECIDED_WORDS = frozenset({"undecided", "uafklaret"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPool:
    """A pool with the places that a message about its money points at."""

    pool: FundingPool
    amount: Spot
    reserved: Spot


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
    root = Record(node, keys.PLAN_KEYS, findings)
    root.require("version", _version)
    timezone = root.require("timezone", zone_name)
    audiences = tuple(_read_audiences(root))
    pools = tuple(_read_pools(root))
    assumptions = tuple(_read_assumptions(root))
    scope = Scope(
        zone=ZoneInfo(timezone) if timezone else None,
        audiences=tuple(audience.id for audience in audiences),
        pools=tuple(placed.pool.id for placed in pools),
        assumptions={assumption.id: assumption.options for assumption in assumptions},
    )
    if not root.has("courses"):
        root.note_missing("courses")
    course_ids = IdsOnce()
    courses = root.read_list("courses", keys.COURSE_KEYS, lambda item: read_course(item, scope, course_ids))
    reminders = read_reminders(root)
    identity = root.require("id", fields.plan_id) or ""
    plan = CoursePlan(
        id=identity,
        revision=revision,
        organisation=root.require("organisation", fields.line_text()) or "",
        timezone=timezone or "",
        language=root.require("language", fields.choice(Language)) or Language.DA,
        organiser=root.require("organiser", fields.address) or "",
        contact=root.require("contact", fields.address) or "",
        holidays=root.read("holidays", _country),
        closing_days=root.read_names("closing_days", closing_day) or (),
        sending=_read_sending(root),
        audiences=audiences,
        funding=tuple(placed.pool for placed in pools),
        assumptions=assumptions,
        reminders=tuple(placed.rule for placed in reminders),
        courses=tuple(placed.course for placed in courses),
        was=earlier_id(root, identity, fields.plan_id),
        shape=shape,
    )
    return PlacedPlan(plan=plan, courses=courses, pools=pools, reminders=reminders)


def _read_audiences(root: Record) -> Iterator[AudienceRule]:
    ids = IdsOnce()
    for key, value in root.read_pairs("audiences"):
        found = _declared_id(key, ids, root.findings)
        item = record(value, keys.AUDIENCE_KEYS, root.findings)
        if item is None:
            continue
        if not item.given(("groups", "people")):
            item.note_missing("groups")
        yield AudienceRule(
            id=found,
            name=item.read("name", fields.line_text()) or found,
            groups=item.read_names("groups", fields.group) or (),
            people=item.read_list("people", keys.PERSON_KEYS, _read_person),
            exclude=item.read_names("exclude", fields.group) or (),
        )


def _read_person(item: Record) -> Person:
    return Person(
        email=item.require("email", fields.address) or "",
        name=item.read("name", fields.line_text()) or "",
        language=item.read("language", fields.choice(Language)),
    )


def _read_pools(root: Record) -> Iterator[PlacedPool]:
    ids = IdsOnce()
    for key, value in root.read_pairs("funding"):
        found = _declared_id(key, ids, root.findings)
        item = record(value, keys.POOL_KEYS, root.findings)
        if item is None:
            continue
        pool = FundingPool(
            id=found,
            name=item.read("name", fields.line_text()) or found,
            year=item.read("year", fields.whole(FIRST_YEAR, LAST_YEAR)),
            amount=item.read("amount", fields.amount),
            currency=item.read("currency", fields.currency) or "DKK",
            reserved=tuple(_read_reserved(item)),
        )
        yield PlacedPool(pool=pool, amount=item.spot_of("amount"), reserved=item.spot_of("reserved"))


def _read_reserved(item: Record) -> Iterator[tuple[str, Decimal]]:
    ids = IdsOnce()
    for key, value in item.read_pairs("reserved"):
        purpose = _declared_id(key, ids, item.findings)
        share = scalar_value(value, fields.amount, item.findings)
        if share is not None:
            yield purpose, share


def _read_assumptions(root: Record) -> Iterator[Assumption]:
    ids = IdsOnce()
    for key, value in root.read_pairs("assumptions"):
        found = _declared_id(key, ids, root.findings)
        decided = None
        if not (isinstance(value, Scalar) and (value.is_absent or value.text.strip().casefold() in UNDECIDED_WORDS)):
            decided = scalar_value(value, _decision, root.findings)
        yield Assumption(id=found, value=decided)


def _declared_id(key: Scalar, ids: IdsOnce, findings: Findings) -> str:
    found = fields.local_id(key, findings)
    if found is not None:
        ids.note(found, key.spot, findings)
    return found or ""


def _read_sending(root: Record) -> SendingRules:
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
    findings.error("value.invalid", scalar.spot, reason="version", value=shown(scalar.text), known=keys.FORMAT_VERSION)
    return None


def _decision(scalar: Scalar, findings: Findings) -> bool | None:
    word = scalar.text.strip().casefold()
    if word in fields.TRUE_WORDS | fields.FALSE_WORDS:
        return word in fields.TRUE_WORDS
    findings.error("value.invalid", scalar.spot, reason="decision", value=shown(scalar.text))
    return None


def _country(scalar: Scalar, findings: Findings) -> str | None:
    code = scalar.text.strip().upper()
    if has_holidays(code):
        return code
    findings.error("value.invalid", scalar.spot, reason="country", value=shown(scalar.text))
    return None
