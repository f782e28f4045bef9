"""Whom what waits would mail, and what they would get: for a person to look at before they approve (pure).

What is the text of several events stands once, with their dates; of our own messages there is one of each
kind and language, to nobody by name. What cannot be put into words (a text of HR's own that is broken, words
that HR wrote to participants and that are kept elsewhere) is left out, and its readers are counted all the
same.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from bot.approvals.mailed import mailed_for, people_of
from bot.delivery.words import language_of, message_words
from bot.domain.approvals import LetterDate, WaitingLetter, WaitingMail
from bot.domain.changes import Cancel, Create, Update
from bot.domain.errors import InputError
from bot.domain.events import EventField
from bot.domain.templates import MessageKind
from bot.rounds.steps.cancellation_words import cancellation_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.domain.approvals import Waiting
    from bot.domain.changes import Change
    from bot.domain.events import EventContent
    from bot.domain.messages import Message
    from bot.rounds.steps.proposal import Proposal

INVITATION, CANCELLATION = "invitation", "cancellation"
MADE_UP_PATH = "/p/eksempel"
Texts = tuple[str, str, str]
"""Its HTML, its plain text, and the HTML that stood before."""


def waiting_mail(proposal: Proposal, waiting: Iterable[Waiting], home: str) -> tuple[WaitingMail, ...]:
    """Of each course that waits; `home` is our own address, "" where no web address is set."""
    change_set = proposal.whole.change_set
    changes: defaultdict[str, list[Change]] = defaultdict(list)
    messages: defaultdict[str, list[Message]] = defaultdict(list)
    for change in change_set.changes:
        changes[change.course].append(change)
    for message in change_set.messages:
        messages[message.course].append(message)
    return tuple(
        WaitingMail(
            course=one.course,
            mailed={
                why: tuple(sorted(who))
                for why, who in mailed_for(changes[one.course], messages[one.course]).items()
            },
            letters=(
                *_of_events(proposal, changes[one.course]),
                *_of_messages(proposal, messages[one.course], home),
            ),
        )
        for one in waiting
    )


def _of_events(proposal: Proposal, changes: Iterable[Change]) -> Iterator[WaitingLetter]:
    alike: defaultdict[tuple[str, Texts], list[Create | Update | Cancel]] = defaultdict(list)
    for change in changes:
        if isinstance(change, Create | Update):
            alike[INVITATION, _texts(change)].append(change)
        elif isinstance(change, Cancel):
            words = cancellation_words(proposal.written, change)
            alike[CANCELLATION, ("", words, "")].append(change)
    for (kind, (html, plain, before)), same in alike.items():
        plan = proposal.written.for_course(same[0].course)
        contents = [_content(change) for change in same]
        yield WaitingLetter(
            kind=kind,
            subject=contents[0].subject,
            language=plan.language.value,
            sender=proposal.written.organiser,
            people=len(people_of(same)),
            html=html,
            plain=plain,
            before=before,
            dates=tuple(map(_date, contents)),
        )


def _texts(change: Create | Update) -> Texts:
    """The body, and what it takes the place of where that says something else."""
    before = ""
    if isinstance(change, Update) and EventField.BODY in change.fields:
        before = change.observed.content.body
    return change.desired.content.body, "", before


def _content(change: Create | Update | Cancel) -> EventContent:
    return change.observed.content if isinstance(change, Cancel) else change.desired.content


def _date(content: EventContent) -> LetterDate:
    return LetterDate(
        subject=content.subject,
        start=content.start,
        end=content.end,
        timezone=content.timezone,
        all_day=content.all_day,
        place=content.location.name if content.location else "",
        online=content.online,
    )


def _of_messages(proposal: Proposal, messages: Iterable[Message], home: str) -> Iterator[WaitingLetter]:
    plan, people = proposal.written, proposal.whole.world.people
    alike: defaultdict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in messages:
        if message.kind is not MessageKind.BROADCAST:
            language = language_of(message.email, plan, people)
            alike[message.kind.value, language.value].append(message)
    for (kind, language_code), same in alike.items():
        try:
            words = message_words(
                same[0],
                plan,
                name="",
                language=language_of(same[0].email, plan, people),
                link_for=lambda _course: f"{home}{MADE_UP_PATH}" if home else None,
                now=proposal.whole.seen.now,
            )
        except InputError:
            continue
        yield WaitingLetter(
            kind=kind,
            subject=words.subject,
            language=language_code,
            sender=plan.organiser,
            people=len({message.email for message in same}),
            html=words.html,
        )
