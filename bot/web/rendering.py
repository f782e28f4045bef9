"""Drawing the pages: Jinja2 templates in `templates/`, texts in the catalogue under `web.`.

Nothing is decided here.

Everything is escaped; the only HTML that is let through is a course's description, made safe by
`bot.messages.markdown`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.domain.people import Language
from bot.domain.registrations import RegistrationStatus
from bot.i18n.catalogue import text
from bot.i18n.dates import moment_text, span_text
from bot.messages.characters import one_line, unbroken
from bot.messages.invitation import web_address
from bot.messages.plain_html import structured_html

if TYPE_CHECKING:
    from bot.domain.pages import OfferingView, SessionView

HERE = Path(__file__).parent
STATIC = HERE / "static"

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def draw(name: str, language: Language, **facts: object) -> str:
    """A page of `templates/<name>.html.j2` in a language."""
    return _ENVIRONMENT.get_template(f"{name}.html.j2").render(
        language=language.value,
        other_languages=[(one.value, text(one, "web.language")) for one in Language if one is not language],
        t=partial(text, language),
        moment=lambda wall: unbroken(moment_text(language, wall)),
        when=partial(_when, language),
        state=partial(_state, language),
        seats=partial(_seats, language),
        rich=structured_html,
        web_address=web_address,
        line=one_line,
        **facts,
    )


def _when(language: Language, session: SessionView) -> str:
    if session.start is None or session.end is None:
        return one_line(session.period or "")
    return unbroken(span_text(language, session.start, session.end, all_day=session.all_day))


def _state(language: Language, offering: OfferingView, *, over: bool = False) -> str:
    """Where the person stands with an offering, or stood, in words; "" for nowhere.

    A no to some of its sessions is told with them.
    """
    if offering.status is None:
        return ""
    tense = "was" if over else "state"
    no, rest = (
        _names(language, [one for one in offering.sessions if one.said_no is said_no])
        for said_no in (True, False)
    )
    refused = text(language, f"web.{tense}.no_to", sessions=no) if no else ""
    if no and not rest:
        return refused
    kind = "partly" if no and offering.status is RegistrationStatus.REGISTERED else offering.status.value
    place = text(
        language,
        f"web.{tense}.{kind}",
        sessions=rest,
        position=offering.position or "",
        waiting=offering.waiting,
    )
    return f"{place} {refused}".rstrip()


def _names(language: Language, sessions: list[SessionView]) -> str:
    """Sessions by their titles, those without one by their dates."""
    return "; ".join(one_line(one.title) or _when(language, one) for one in sessions)


def _seats(language: Language, offering: OfferingView) -> str:
    """How many seats are free, in words; "" where there is no limit."""
    match offering.free:
        case None:
            return ""
        case 0:
            return text(language, "web.seats.none", waiting=offering.waiting)
        case 1:
            return text(language, "web.seats.one")
        case free:
            return text(language, "web.seats.other", count=free)
