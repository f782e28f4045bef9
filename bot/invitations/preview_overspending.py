"""The part of a preview that tells where more money is taken than there is.

With the change that makes it, the rest before them (pure).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.i18n.catalogue import text
from bot.i18n.money import money_text
from bot.i18n.spoken import outcome_text, spoken

if TYPE_CHECKING:
    from bot.domain.events import SessionKey
    from bot.domain.people import Language
    from bot.invitations.overspending import Overspending, Shortage

CENT = Decimal("0.01")


def overspent_lines(
    overspending: Overspending, key: SessionKey, language: Language, *, done: bool
) -> tuple[str, ...]:
    """What the key's change takes part in, and what to do before it is approved or once `done`."""
    way_out = text(language, "preview.overspent.mend" if done else "preview.overspent.mend_first")
    return tuple(f"{_said(one, overspending, language)} {way_out}" for one in overspending.made.get(key, ()))


def overspent_before(overspending: Overspending, language: Language) -> tuple[str, ...]:
    """What no change of the preview takes part in, a line each."""
    way_out = text(language, "preview.overspent.mend")
    return tuple(f"{_said(shortage, overspending, language)} {way_out}" for shortage in overspending.before)


def overspent_json(overspending: Overspending) -> list[dict[str, object]]:
    """Rows of the document, each case once.

    `sessions` are the keys of the changes that take part in it, amounts have two decimals.
    """
    sessions: dict[int, list[str]] = {}
    found = {id(shortage): shortage for shortage in overspending.before}
    for key, shortages in overspending.made.items():
        for shortage in shortages:
            found[id(shortage)] = shortage
            sessions.setdefault(id(shortage), []).append(str(key))
    return [
        {
            "pool": one.pool.id,
            "by": one.case.by.value,
            "purpose": one.case.purpose,
            "taken": f"{one.case.taken.quantize(CENT):f}",
            "limit": f"{one.case.limit.quantize(CENT):f}",
            "currency": one.pool.currency,
            "assumptions": dict(one.case.assumptions),
            "courses": sorted(one.courses),
            "sessions": sessions.get(number, []),
        }
        for number, one in found.items()
    ]


def _said(one: Shortage, overspending: Overspending, language: Language) -> str:
    case, currency = one.case, one.pool.currency
    amounts = {"taken": case.taken, "limit": case.limit, "lacking": case.taken - case.limit}
    said = text(
        language,
        f"preview.overspent.{case.by.value}",
        pool=one.pool.name or one.pool.id,
        purpose=spoken(case.purpose or ""),
        **{name: money_text(language, amount, currency) for name, amount in amounts.items()},
    )
    if not case.assumptions:
        return said
    terms = (
        text(
            language,
            "preview.overspent.term",
            question=overspending.questions[name],
            value=outcome_text(language, value),
        )
        for name, value in case.assumptions
    )
    return text(
        language, "preview.overspent.if", said=said, terms=text(language, "preview.overspent.and").join(terms)
    )
