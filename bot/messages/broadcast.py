"""A mail in HR's own words: what they wrote, in the frame that all our mails have (pure).

It greets by name, says why the reader gets it, and where to answer. HR's text is Markdown without HTML; its
lines end where they were typed, and web addresses in it are links. Nothing in it is filled in: what HR wrote
is what everybody reads. Templates: `broadcast/subject.txt.j2` and `body.html.j2`, given

    language, font, organisation, contact, contact_link       as to every message (`bot.messages.notice`)
    greets, name    that there is a reader, and who; "" for nobody known
    subject         as HR wrote it; `trial`: whether it goes to its writer alone
    written         the text, safe HTML
    group, what     why somebody gets it, and of which course or offering; when: of which session, "" for all
    link            the page of somebody who has not answered, "" else
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.domain.broadcasts import BroadcastGroup
from bot.domain.templates import MessageKind
from bot.i18n.dates import span_text
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.markdown import FONT, typed_html
from bot.messages.notice import LONGEST_SUBJECT, Rendered, named
from bot.messages.wording import NO_WORDS

if TYPE_CHECKING:
    from bot.domain.broadcasts import BroadcastWords, Whereabouts
    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan

_HREF = re.compile(r' href="([^"]*)"')


def render_broadcast(
    plan: CoursePlan,
    course: Course,
    where: Whereabouts,
    words: BroadcastWords,
    *,
    group: BroadcastGroup,
    reader_name: str,
    language: Language,
    link: str | None,
    is_trial: bool = False,
) -> Rendered:
    """The mail to one person, the frame in `language`; raises InputError where a text of HR's own breaks."""
    contact = one_line(plan.contact)
    given = {
        "language": language.value,
        "font": FONT,
        "greets": True,
        "name": one_line(reader_name),
        "dates": (),
        "subject": one_line(words.subject),
        "trial": is_trial,
        "written": typed_html(words.text),
        "group": group.value,
        "what": one_line(course.title) + _which(course, where),
        "when": _when(course, where, language),
        "link": (link or "") if group is BroadcastGroup.SILENT else "",
        "contact": contact,
        "contact_link": f"mailto:{quote(contact, safe='@+')}",
        "organisation": one_line(plan.organisation),
        **NO_WORDS.given,
    }
    folder = f"{language.value}/{MessageKind.BROADCAST.value}"
    subject = one_line(render(f"{folder}/subject.txt.j2", given, own=plan.own_words))
    body = render(f"{folder}/body.html.j2", given, own=plan.own_words)
    return Rendered(subject=cut_at_word(subject, LONGEST_SUBJECT), html=body)


def links_in(text: str) -> tuple[str, ...]:
    """Where the links of HR's text lead, each once: what stands on the page before it is sent."""
    return tuple(dict.fromkeys(html.unescape(address) for address in _HREF.findall(typed_html(text))))


def _which(course: Course, where: Whereabouts) -> str:
    """The offering after the course's title, where there are several."""
    if not where.offering or len(course.offerings) < 2:  # noqa: PLR2004 - one is the course
        return ""
    offering = course.offering(where.offering)
    return f" – {named(offering) if offering else where.offering}"


def _when(course: Course, where: Whereabouts, language: Language) -> str:
    offering = course.offering(where.offering)
    for session in offering.sessions if offering else ():
        if session.id == where.session and session.start is not None and session.end is not None:
            return span_text(language, session.start, session.end, all_day=session.all_day)
    return ""
