"""A mail that is about no single course: the frame that its templates share, and how it is rendered (pure).

What every template is given beside its own: language, font, organisation, contact, contact_link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.markdown import FONT
from bot.messages.notice import LONGEST_SUBJECT, Rendered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.messages import Attachment
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.domain.templates import MessageKind


def render_plain_mail(
    kind: MessageKind,
    plan: CoursePlan,
    language: Language,
    given: Mapping[str, Any],
    *attachments: Attachment,
) -> Rendered:
    """The mail in words; raises InputError where a text of HR's own breaks."""
    contact = one_line(plan.contact)
    given = {
        "language": language.value,
        "font": FONT,
        "organisation": one_line(plan.organisation),
        "contact": contact,
        "contact_link": f"mailto:{quote(contact, safe='@+')}",
        **given,
    }
    folder = f"{language.value}/{kind.value}"
    subject = one_line(render(f"{folder}/subject.txt.j2", given, own=plan.own_words))
    html = render(f"{folder}/body.html.j2", given, own=plan.own_words)
    return Rendered(subject=cut_at_word(subject, LONGEST_SUBJECT), html=html, attachments=attachments)


def render_to_manager(
    kind: MessageKind, plan: CoursePlan, language: Language, given: Mapping[str, Any], *, reader_name: str
) -> Rendered:
    """The same to a manager, who is greeted by name; in the frame of notices, without dates of its own."""
    greeting = {"greets": True, "name": one_line(reader_name)}
    without = {"dates": (), "hr_opening": "", "hr_closing": ""}
    return render_plain_mail(kind, plan, language, greeting | without | dict(given))
