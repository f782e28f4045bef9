"""What stands on a certificate, in words: the course's and HR's own, in its owner's language (pure).

HR words it as it words messages (`texts`, the message `certificate`): what stands above the name, and what
stands below all. Markdown becomes plain lines; what is filled in is never markup.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from bot.domain.certificates import CertificatePaper
from bot.domain.wording import CERTIFICATE
from bot.i18n.catalogue import text
from bot.i18n.dates import day_text, moment_text, span_text
from bot.messages.characters import one_line
from bot.messages.notice import Rendered, named, times_of
from bot.messages.wording import own_words_of, values_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan, CourseSession, Offering


def certificate_paper(
    plan: CoursePlan,
    course: Course,
    offering: Offering,
    *,
    name: str,
    came: Collection[str],
    language: Language,
    today: datetime,
) -> CertificatePaper:
    """Of somebody called `name` who came to these sessions (ids); `today` is the wall time of the plan."""
    times = [*times_of(course, offering, language, titled=False)]
    values = values_of(
        plan,
        course,
        deadline=moment_text(language, course.enrolment.deadline) if course.enrolment.deadline else "",
        name=name,
        offering=named(offering) if len(course.offerings) > 1 else "",
        date="; ".join(when for when, _ in times),
        place="; ".join(dict.fromkeys(place for _, place in times if place)),
    )
    opening, closing = own_words_of(plan, course, CERTIFICATE, language=language, values=values).plain
    return CertificatePaper(
        language=language.value,
        organisation=one_line(plan.organisation),
        heading=text(language, "certificate.heading"),
        opening=_lines(opening),
        name=one_line(name),
        has=text(language, "certificate.has"),
        title=one_line(course.title),
        sessions=tuple(_session(one, language) for one in offering.sessions if one.id in came),
        closing=_lines(closing),
        made=text(language, "certificate.made", day=day_text(language, today)),
        date=(today.year, today.month, today.day),
    )


def paper_shown(paper: CertificatePaper) -> Rendered:
    """The paper as a page to look at while HR words it."""
    parts = [
        ("p", (paper.organisation,)),
        ("h1", (paper.heading,)),
        ("p", paper.opening),
        ("h2", (paper.name,)),
        ("p", (paper.has,)),
        ("h2", (paper.title,)),
        ("p", paper.sessions),
        ("p", paper.closing),
        ("p", (paper.made,)),
    ]
    body = "".join(f"<{tag}>{'<br>'.join(map(html.escape, lines))}</{tag}>" for tag, lines in parts if lines)
    page = f'<div lang="{paper.language}" style="text-align:center">{body}</div>'
    return Rendered(subject=f"{paper.heading}: {paper.title}", html=page)


def _session(session: CourseSession, language: Language) -> str:
    title = one_line(session.title)
    if session.start is None or session.end is None:
        return title or session.id
    when = span_text(language, session.start, session.end, all_day=session.all_day)
    return f"{title}: {when}" if title else when


def _lines(words: str) -> tuple[str, ...]:
    return tuple(line for line in map(one_line, words.split("\n")) if line)
