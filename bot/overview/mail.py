"""The overview as a mail before a meeting.

The paper as a PDF, what is to be decided in the mail itself, and which edition it is.

    an edition is       the paper in its language, without the line that says of when it is
    another edition     another date, seat, amount, decision, year, or language

So what is sent again without a change is known by it, whenever it is made (`bot.overview.mailed`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.domain.errors import InputError
from bot.domain.messages import Attachment
from bot.messages.overview_mail import Matter, OverviewMail, render_overview_mail
from bot.overview.as_pdf import overview_pdf
from bot.overview.as_text import overview_text
from bot.overview.mailed import Series
from bot.overview.paper import open_matters, paper
from bot.overview.words import Words

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.domain.plan import CoursePlan
    from bot.messages.notice import Rendered
    from bot.overview.document import Document
    from bot.overview.lines import Overview

MOST_BYTES = 3_000_000
"""What a request to Graph can carry.

4 MB in all, and a third more than the file is for writing it down (contract, 2026-11).
"""
EDITION_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The overview ready to be mailed: `digest` tells it from the other editions of its series."""

    digest: str
    series: Series
    notice: Rendered


def edition_of(overview: Overview, plan: CoursePlan, language: Language) -> Edition:
    """Make paper and mail; `plan` gives organisation, contact and words of the mail.

    Raises InputError `overview_too_large`, or where a text of HR's own breaks.
    """
    document = paper(overview, language)
    words = Words(language, overview.questions)
    content = overview_pdf(document, made=overview.as_of)
    if len(content) > MOST_BYTES:
        raise InputError("overview_too_large", size=len(content), most=MOST_BYTES)
    name = "-".join((words("file"), *map(str, overview.years)))
    file = Attachment(name=f"{name}.pdf", media_type="application/pdf", content=content)
    matters = tuple(
        Matter(what=what.text, decide=decide.lines, by=by.text)
        for what, decide, by in open_matters(overview, words)
    )
    headings = (words("to_decide"), words("column.matter"), words("column.decide"), words("column.by"))
    mail = OverviewMail(title=document.title, made=document.made, headings=headings, matters=matters)
    series = Series(plan=plan.id, years=overview.years, language=language.value)
    return Edition(
        digest=_digest(document), series=series, notice=render_overview_mail(mail, plan, language, file)
    )


def _digest(document: Document) -> str:
    said = f"{document.language}\n{overview_text(replace(document, made=''))}"
    return sha256(said.encode()).hexdigest()[:EDITION_DIGITS]
