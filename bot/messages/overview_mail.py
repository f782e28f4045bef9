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

from bot.domain.templates import MessageKind
from bot.messages.characters import one_line
from bot.messages.notice import Rendered
from bot.messages.plain_mail import render_plain_mail

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
    given = {
        "title": one_line(mail.title),
        "made": one_line(mail.made),
        "headings": mail.headings,
        "matters": [_on_one_line(matter) for matter in mail.matters[:MOST_MATTERS]],
        "left_out": max(len(mail.matters) - MOST_MATTERS, 0),
    }
    return render_plain_mail(kind, plan, language, given, *attachments)


def _on_one_line(matter: Matter) -> Matter:
    return Matter(
        what=one_line(matter.what), decide=tuple(map(one_line, matter.decide)), by=one_line(matter.by)
    )
