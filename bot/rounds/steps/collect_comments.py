r"""From response messages to what people wrote in them (pure), and reading them (async shell).

A response message has the person's words first, and after them what Outlook, a phone or a signature adds. The
words end at

| the first line that                                                            | it is |
|--------------------------------------------------------------------------------|---|
| begins and ends with dashes around words (`-----Oprindelig aftale-----`)       | Outlook's quotation |
| is a row of ten or more `_`, `*~` or `=`                                        | a rule above what is quoted |
| is `Fra:`, `From:`, `Hvornår:`, `When:` …, with another such line right below   | the invitation's own headers |
| is `--`                                                                         | a signature |
| is `Sendt fra …`, `Sent from …`, `Hent Outlook …`, `Get Outlook …`              | a phone's signature |

What is left is one paragraph of at most `LONGEST_COMMENT` characters, without what would steer a terminal.

A message is about an event of ours or about nothing: Graph leads from it to the event, and the event's
immutable id must stand in the ledger. That is one request for each message with words, and for one without
where the person had words before, because a later answer without any takes them back. The mailbox is listed
from the last look on, when there are new answers, and once a day. Not being able to read it stops nothing:
`doctor` tells of the missing right, the log of the rest.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.comments import LONGEST_COMMENT, AnswerComment
from bot.domain.errors import GraphError
from bot.log_lines import get_logger
from bot.messages.characters import cut_at_word, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.domain.comments import MeetingReply
    from bot.domain.events import LedgerEntry, SessionKey
    from bot.domain.people import PeopleIndex
    from bot.ports.comments import CommentBook, ReplyMail

log = get_logger("bot.registrations")

FIRST_LOOK = timedelta(days=30)
LOOK_AGAIN = timedelta(days=1)
CLOCKS_DIFFER = timedelta(hours=1)
"""How far Exchange's clock may be behind ours, and a message behind the answer on the event."""
LONGEST_MESSAGE = 20_000
MOST_LOOKED_UP = 100
"""Messages that are led back to their event in one look; the next one goes on."""

_ENDS = (
    re.compile(r"-{3,}\s*\w[\w .:]{2,60}\s*-{3,}"),
    re.compile(r"_{10,}|(?:\*~){4,}\*?|={10,}"),
    re.compile(r"--"),
    re.compile(r"(?:sendt fra|sent from|hent outlook|get outlook)\b.{0,200}", re.IGNORECASE),
)
_HEADER = re.compile(
    (
        r"\W{0,3}(?:fra|from|sendt|sent|til|to|emne|subject|hvornår|when|hvor|where|tidspunkt|sted|location"
        r"|organizer|arrangør)\W{0,3}:\W{0,3}.*"
    ),
    re.IGNORECASE,
)


def written_words(message: str) -> str:
    """What the person wrote in a response message, on one line; "" where they wrote nothing.

    By the table above.
    """
    lines = [line.strip() for line in re.split(r"[\r\n\u2028\u2029\x0b\x0c\x85]+", message[:LONGEST_MESSAGE])]
    lines = [line for line in lines if line]
    for at, line in enumerate(lines):
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if any(end.fullmatch(line) for end in _ENDS) or (
            _HEADER.fullmatch(line) and _HEADER.fullmatch(below)
        ):
            lines = lines[:at]
            break
    return cut_at_word(one_line(" ".join(lines)), LONGEST_COMMENT)


def worth_a_look(
    replies: Iterable[MeetingReply], known: Sequence[AnswerComment], people: PeopleIndex
) -> list[MeetingReply]:
    """Those whose event is asked for, the oldest first.

    With words that are not known yet, or from somebody whose words are.
    """
    seen, talkers = {(one.email, one.at) for one in known}, {one.email for one in known}
    senders = [(people.canonical(reply.sender), reply) for reply in replies]
    found = (
        one
        for email, one in senders
        if (email, one.at) not in seen and (email in talkers or written_words(one.text))
    )
    return sorted(found, key=lambda one: (one.at, one.message_id))


def comments_of(
    replies: Sequence[MeetingReply],
    events: Mapping[str, str],
    entries: Mapping[SessionKey, LedgerEntry],
    answered: Collection[tuple[SessionKey, str]],
    people: PeopleIndex,
    known: Iterable[AnswerComment] = (),
    *,
    seen_at: datetime,
) -> tuple[AnswerComment, ...]:
    """The last words of each person about each session, where they are others than what is `known`.

    Empty ones take those back.

    `events` maps message ids to event ids, `answered` are (first part, canonical address) of the log: words
    without an answer on the event are a mail that anybody may have written. What is no newer than what is
    known is left out.
    """
    keys = {entry.event_id: key.first for key, entry in entries.items() if entry.event_id}
    last: dict[tuple[SessionKey, str], AnswerComment] = {(one.key, one.email): one for one in known}
    before = dict(last)
    for reply in replies:
        email, key = people.canonical(reply.sender), keys.get(events.get(reply.message_id, ""))
        if (
            key is None
            or (key, email) not in answered
            or ((key, email) in last and last[key, email].at >= reply.at)
        ):
            continue
        last[key, email] = AnswerComment(
            key=key,
            email=email,
            response=reply.response,
            text=written_words(reply.text),
            at=reply.at,
            seen_at=seen_at,
        )
    return tuple(
        one for where, one in last.items() if before.get(where) != one and (one.text or where in before)
    )


async def collect_comments(
    replies: ReplyMail | None,
    *,
    book: CommentBook,
    people: PeopleIndex,
    entries: Mapping[SessionKey, LedgerEntry],
    answered: Callable[[], Collection[tuple[SessionKey, str]]],
    plan: str,
    has_answers: bool,
    now: datetime,
) -> int:
    """Note what people wrote with their answers; how many comments were new. `now` UTC.

    `has_answers`: some were new just now; `answered` tells all of them. `replies` None: the mailbox is not
    read. Raises DatabaseFailed.
    """
    last = book.last_look(plan)
    is_due = has_answers or last is None or book.has_answers_since(plan, last) or now - last >= LOOK_AGAIN
    if replies is None or not entries or not is_due:
        return 0
    known = book.load_comments(plan)
    try:
        found = worth_a_look(
            await replies.fetch_replies(since=(last or now - FIRST_LOOK) - CLOCKS_DIFFER), known, people
        )
        asked = found[:MOST_LOOKED_UP]
        events = await replies.find_events([reply.message_id for reply in asked])
    except GraphError as error:
        log.warning("registrations.comments_unread", error=str(error))
        return 0
    new = comments_of(asked, events, entries, answered(), people, known, seen_at=now) if asked else ()
    book.save_comments(plan, new, looked_at=now if len(asked) == len(found) else asked[-1].at)
    return sum(1 for one in new if one.text)
