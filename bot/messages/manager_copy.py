"""A manager's copy of what their people are signed up to, in words (pure).

What is given to its templates:

name       the reader's, "" for nobody known
people     (who, their courses as (what, where they stand, when and where)) of each
link       the page with all of it, "" where nobody can sign in
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.templates import MessageKind
from bot.i18n.catalogue import text
from bot.messages.characters import one_line
from bot.messages.notice import Rendered
from bot.messages.plain_mail import render_to_manager

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
    }
    return render_to_manager(MessageKind.MANAGER_COPY, plan, language, given, reader_name=reader_name)
