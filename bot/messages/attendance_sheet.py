"""The sign-in sheet as a page to print: one sheet for each session, names with a line to sign on (pure).

Black on white, A4, headings repeated on each page of a long list; nothing is fetched, so it prints without a
network. Notes to HR are left out: the sheet lies open at the door. So are answers to questions, but those
that all participants may see: whoever calls gives no others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.registrations import RegistrationStatus
from bot.i18n.asked import given_text, question_text
from bot.i18n.dates import span_text
from bot.messages.characters import one_line
from bot.messages.environment import render

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.participants import SessionList
    from bot.domain.people import Language

EMPTY_LINES = 5
"""For those who come without being on the list."""


def sign_in_sheet(sessions: Iterable[SessionList], *, organisation: str, language: Language) -> str:
    """The HTML document, sessions in their order."""
    sheets = [
        {
            "title": " – ".join(
                one_line(part)
                for part in (session.course_title, session.offering_title, session.session_title)
                if part.strip()
            ),
            "when": span_text(language, session.start, session.end, all_day=session.all_day),
            "place": one_line(session.place),
            "coming": [
                (
                    one_line(person.name),
                    one_line(person.department),
                    person.status is RegistrationStatus.TENTATIVE,
                    person.unconfirmed,
                    [
                        (one_line(question_text(language, one.question)), one_line(given_text(language, one)))
                        for one in person.answers
                        if one.answer
                    ],
                )
                for person in session.coming
            ],
            "cancelled": session.cancelled,
            "reason": one_line(session.cancel_reason),
            "reserves": [
                (person.position, one_line(person.name), one_line(person.department))
                for person in session.reserves
            ],
        }
        for session in sessions
    ]
    for_template = {
        "language": language.value,
        "organisation": one_line(organisation),
        "sheets": sheets,
        "empty_lines": EMPTY_LINES,
    }
    return render(f"{language.value}/sign_in.html.j2", for_template)
