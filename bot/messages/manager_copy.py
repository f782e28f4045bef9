"""A manager's copy of what their people are signed up to, in words (pure).

What is given to its templates:

name       the reader's, "" for nobody known
people     (who, their courses as (what, where they stand, when and where)) of each
link       the page with all of it, "" where nobody can sign in
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.domain.templates import MessageKind
from bot.i18n.catalogue import text
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.markdown import FONT
from bot.messages.notice import LONGEST_SUBJECT, Rendered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.manager_pages import PersonOfManager
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan


def render_manager_copy(
    plan: CoursePlan,
    people: Sequence[PersonOfManager],
    *,
    reader_name: str,
    language: Language,
    link: str,
) -> Rendered:
    """The mail about all of `people`, who may be none any more."""
    given = {
        "language": language.value,
        "font": FONT,
        "greets": True,
        "name": one_line(reader_name),
        "people": [
            (
                one_line(one.name),
                [
                    (
                        one_line(place.what),
                        text(language, f"my_people.place.{place.word.value}"),
                        "; ".join(", ".join(filter(None, date)) for date in place.dates),
                    )
                    for place in one.coming
                ],
            )
            for one in people
        ],
        "link": link,
        "contact": one_line(plan.contact),
        "contact_link": f"mailto:{quote(one_line(plan.contact), safe='@+')}",
        "organisation": one_line(plan.organisation),
        "dates": (),
        "hr_opening": "",
        "hr_closing": "",
    }
    folder = f"{language.value}/{MessageKind.MANAGER_COPY.value}"
    subject = one_line(render(f"{folder}/subject.txt.j2", given, own=plan.own_words))
    html = render(f"{folder}/body.html.j2", given, own=plan.own_words)
    return Rendered(subject=cut_at_word(subject, LONGEST_SUBJECT), html=html)
