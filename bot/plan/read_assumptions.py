"""Open decisions.

The short form (`velfaerdsmidler: undecided`) and the long one, with the question, its options and who
decided.

options are written as       the decision comes to
nothing                      yes or no
words for yes and no alone   yes or no, in their order
anything else                one of these ids
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.assumptions import Assumption, Outcome
from bot.plan import fields, keys
from bot.plan.findings import shown
from bot.plan.moments import day
from bot.plan.nodes import Mapping
from bot.plan.read_condition import is_yes_or_no
from bot.plan.records import record, scalar_value
from bot.plan.scope import IdsOnce

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.plan.findings import Findings
    from bot.plan.nodes import Scalar
    from bot.plan.records import PlanRecord

UNDECIDED = "undecided"
UNDECIDED_WORDS = frozenset({UNDECIDED, "uafklaret"})
# What a condition is written with; as an id it could be read in two ways.
RESERVED = frozenset({"and", "og", "not", "ikke"})
YES_OR_NO: tuple[Outcome, ...] = (True, False)
FEWEST_OPTIONS = 2
LONGEST_CASE = 100


def read_assumptions(root: PlanRecord) -> Iterator[Assumption]:
    """The plan's assumptions in its order.

    One whose options are wrong (noted) has none, so that nothing more is said of it.
    """
    ids = IdsOnce()
    for key, value in root.read_pairs("assumptions"):
        found = _not_reserved(ids.declare(key, root.findings), key, root.findings, RESERVED)
        if not isinstance(value, Mapping):
            yield Assumption(
                id=found,
                value=_value(scalar_value(value, _as_it_is, root.findings), YES_OR_NO, root.findings),
            )
        elif (item := record(value, keys.ASSUMPTION_KEYS, root.findings)) is not None:
            yield _read_long(found, item)


def _read_long(found: str, item: PlanRecord) -> Assumption:
    options = _read_options(item)
    return Assumption(
        id=found,
        value=_value(item.read("value", _as_it_is), options, item.findings),
        question=item.read_text("question", fields.line_text()),
        options=options,
        decided_by=item.read_text("decided_by", fields.line_text()),
        decided_on=item.read("decided_on", day),
        case=item.read_text("case", fields.line_text(LONGEST_CASE)),
        note=item.read_text("note", fields.block_text),
    )


def _read_options(item: PlanRecord) -> tuple[Outcome, ...]:
    written = item.read_names("options", _as_it_is)
    if written is None:
        return YES_OR_NO
    words = [scalar.text.strip().casefold() for scalar in written]
    found: tuple[Outcome | None, ...]
    if all(word in fields.TRUE_WORDS | fields.FALSE_WORDS for word in words):
        found = tuple(word in fields.TRUE_WORDS for word in words)
    else:
        found = tuple(_option(scalar, item.findings) for scalar in written)
    options = tuple(dict.fromkeys(option for option in found if option is not None))
    if len(options) == len(found) >= FEWEST_OPTIONS:
        return options
    if None not in found:
        item.findings.error("value.invalid", item.spot_of("options"), reason="options", limit=FEWEST_OPTIONS)
    return ()


def _option(scalar: Scalar, findings: Findings) -> str | None:
    found = fields.local_id(scalar, findings)
    return _not_reserved(found, scalar, findings, RESERVED | UNDECIDED_WORDS) or None


def _not_reserved(found: str | None, scalar: Scalar, findings: Findings, reserved: frozenset[str]) -> str:
    if found in reserved:
        findings.error("id.invalid", scalar.spot, reason="reserved", value=shown(scalar.as_written))
        return ""
    return found or ""


def _value(scalar: Scalar | None, options: tuple[Outcome, ...], findings: Findings) -> Outcome | None:
    """One of the options; None while it is undecided, and (noted) for anything else."""
    word = scalar.text.strip().casefold() if scalar is not None else ""
    if scalar is None or scalar.is_absent or word in UNDECIDED_WORDS or not options:
        return None
    if is_yes_or_no(options):
        if word in fields.TRUE_WORDS | fields.FALSE_WORDS:
            return word in fields.TRUE_WORDS
        findings.error("value.invalid", scalar.spot, reason="decision", value=shown(scalar.as_written))
        return None
    names = [str(option) for option in options]
    if scalar.text in names:
        return scalar.text
    near = findings.near_params(scalar.text, names, near="outcome_near", far="outcome")
    value = shown(scalar.as_written)
    findings.error("value.invalid", scalar.spot, value=value, choices=", ".join(names), **near)
    return None


def _as_it_is(scalar: Scalar, _: Findings) -> Scalar | None:
    """What it means is known when the options are."""
    return scalar
