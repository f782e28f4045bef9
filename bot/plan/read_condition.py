"""`when`: the text of a condition → its terms, each held against the options of the assumption that it names.

    the assumption           a term is written
    comes to yes or no       `velfaerdsmidler`, `not velfaerdsmidler` (`ikke`)
    has options of its own   `form = flere-dage`

Several are joined by `and` (`og`). The same term twice is one; two outcomes of one assumption can never both
be, which is a warning.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.assumptions import Condition, Outcome, Term
from bot.plan.findings import shown
from bot.plan.nodes import Scalar
from bot.plan.scope import reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.plan import fields
    from bot.plan.findings import Findings
    from bot.plan.nodes import Spot

JOINER = re.compile(r" (?:and|og) ", re.IGNORECASE)
NEGATION = re.compile(r"(?:not|ikke) ", re.IGNORECASE)


def condition(assumptions: Mapping[str, tuple[Outcome, ...]]) -> fields.Field[Condition]:
    """The terms in the order written.

    None (and noted) where one cannot be held against the options of `assumptions`, by id.
    """

    def read(scalar: Scalar, findings: Findings) -> Condition | None:
        words = JOINER.split(" ".join(scalar.text.split()))
        terms = tuple(dict.fromkeys(_term(part, scalar.spot, assumptions, findings) for part in words))
        found = tuple(term for term in terms if term is not None)
        if len(found) < len(terms):
            return None
        if len({term.assumption for term in found}) < len(found):
            findings.warn("when.never", scalar.spot, value=shown(scalar.as_written))
        return found

    return read


def _term(
    text: str, spot: Spot, assumptions: Mapping[str, tuple[Outcome, ...]], findings: Findings
) -> Term | None:
    left, equals, right = (part.strip() for part in text.partition("="))
    negation = NEGATION.match(left)
    name = left[negation.end() :] if negation else left
    known = reference("assumption", assumptions)(Scalar(name, spot), findings)
    if known is None:
        return None
    options = assumptions[known]
    if not options:  # they are wrong, which is noted
        return None
    if is_yes_or_no(options):
        if not equals:
            return Term(assumption=known, outcome=negation is None)
        findings.error("value.invalid", spot, reason="when_short", value=shown(text), assumption=known)
        return None
    names = [str(option) for option in options]
    if negation or not equals:
        findings.error(
            "value.invalid",
            spot,
            reason="when_option",
            value=shown(text),
            assumption=known,
            choices=", ".join(names),
        )
        return None
    found = reference("option", names)(Scalar(right, spot), findings)
    return None if found is None else Term(assumption=known, outcome=found)


def is_yes_or_no(options: tuple[Outcome, ...]) -> bool:
    """Whether the decision comes to yes or no, and has no options of its own."""
    return all(isinstance(option, bool) for option in options)
