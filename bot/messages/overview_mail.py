"""The words of the mail that brings the overview to a meeting.

What is to be decided, by when, and the paper itself (pure).

It greets nobody by name and says the same to each reader. What stands in the paper is `bot.overview`'s.
Templates: `bot/messages/templates/overview_mail.html.j2`, given

    title, made            the paper's title, and of when it is
    headings, matters      what stands over the list, and its rows: `what`, `decide` (lines), `by`
    left_out               how many matters there are besides
    organisation, contact, contact_link    the plan's
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.domain.templates import MessageKind
from bot.messages.characters import cut_at_word, one_line
from bot.messages.environment import render
from bot.messages.markdown import FONT
from bot.messages.notice import LONGEST_SUBJECT, Rendered

if TYPE_CHECKING:
    from bot.domain.messages import Attachment
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan

MOST_MATTERS = 25
"""A mail is read before the meeting; the paper has all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """One thing to be decided: what, each thing to decide about it, and by when; in words."""

    what: str
    decide: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewMail:
    """What the mail says.

    The paper's title and of when it is, the list's heading and its three columns', and its rows.
    """

    title: str
    made: str
    headings: tuple[str, str, str, str]
    matters: tuple[Matter, ...]


def render_overview_mail(
    mail: OverviewMail,
    plan: CoursePlan,
    language: Language,
    *attachments: Attachment,
    kind: MessageKind = MessageKind.OVERVIEW,
) -> Rendered:
    """The mail in words, with the paper on it; raises InputError where a text of HR's own breaks."""
    organisation, contact = one_line(plan.organisation), one_line(plan.contact)
    given = {
        "language": language.value,
        "font": FONT,
        "title": one_line(mail.title),
        "made": one_line(mail.made),
        "headings": mail.headings,
        "matters": [_on_one_line(matter) for matter in mail.matters[:MOST_MATTERS]],
        "left_out": max(len(mail.matters) - MOST_MATTERS, 0),
        "organisation": organisation,
        "contact": contact,
        "contact_link": f"mailto:{quote(contact, safe='@+')}",
    }
    folder = f"{language.value}/{kind.value}"
    subject = one_line(render(f"{folder}/subject.txt.j2", given, own=plan.own_words))
    html = render(f"{folder}/body.html.j2", given, own=plan.own_words)
    return Rendered(subject=cut_at_word(subject, LONGEST_SUBJECT), html=html, attachments=attachments)


def _on_one_line(matter: Matter) -> Matter:
    return Matter(
        what=one_line(matter.what), decide=tuple(map(one_line, matter.decide)), by=one_line(matter.by)
    )
