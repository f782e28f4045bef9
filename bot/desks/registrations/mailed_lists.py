"""The list of a course's participants as a mail to who looks after it: looked at first, then sent once.

The same mechanism as the overview's (`bot.rounds.overview_mail`): an edition that was sent is not sent again
to the same address, and another edition is another list of people. Nothing of the workbook is kept. It goes
to those who look after the course, and to whoever sends it; to nobody else, for it is full of people.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.desks.registrations.lists import list_file, participant_lists
from bot.domain.errors import InputError
from bot.domain.messages import Attachment
from bot.domain.questions import SeenBy
from bot.domain.templates import MessageKind
from bot.i18n.catalogue import text
from bot.i18n.dates import short_moment_text
from bot.messages.overview_mail import OverviewMail, render_overview_mail
from bot.overview.mail import EDITION_DIGITS, MOST_BYTES, Edition
from bot.overview.mailed import Series
from bot.registrations.listing import wall_time
from bot.rounds.overview_mail import foreseen_mailing

if TYPE_CHECKING:
    from bot.domain.people import Language
    from bot.opening.work import BookWork
    from bot.rounds.overview_mail import Mailed

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMail:
    """What would go: the edition, how many people are on it, and what the books say of each address."""

    edition: Edition
    people: int
    file: str
    foreseen: Mailed


def may_get_list(work: BookWork, course: str, *, also: str) -> tuple[str, ...]:
    """The addresses that the list may be sent to: who looks after the course, and whoever asks."""
    addresses = work.plan.looks_after(work.plan.known_course(course))
    return tuple(dict.fromkeys([*addresses, *([also] if also else [])]))


def list_mail(work: BookWork, course: str, addresses: tuple[str, ...], language: Language) -> ListMail:
    """The list as it is now, ready to go; nothing is written.

    Raises InputError for a course that nobody has been told of, and for a list that no mail can carry.
    """
    now = work.now()
    lists = participant_lists(work.plan, work.stores, course=course, now=now, reader=SeenBy.RESPONSIBLE)
    title = lists.plan.title_of(course)
    content = list_file(lists, "xlsx", language)
    if len(content) > MOST_BYTES:
        raise InputError("overview_too_large", size=len(content), most=MOST_BYTES)
    # The workbook says when it was made; what is on it does not change by that.
    said = list_file(lists, "csv", language)
    file = f"{course}.xlsx"
    made = text(language, "course.made", when=short_moment_text(language, wall_time(now, work.plan)))
    mail = OverviewMail(title=title, made=made, headings=("", "", "", ""), matters=())
    edition = Edition(
        digest=sha256(said).hexdigest()[:EDITION_DIGITS],
        series=Series(plan=work.plan.id, language=language.value, course=course),
        notice=render_overview_mail(
            mail,
            work.plan,
            language,
            Attachment(name=file, media_type=XLSX, content=content),
            kind=MessageKind.PARTICIPANTS,
        ),
    )
    return ListMail(
        edition=edition,
        people=len(lists.addresses),
        file=file,
        foreseen=foreseen_mailing(work.plan, work.stores, edition, addresses, now=now),
    )
