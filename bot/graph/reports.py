"""What a message of the inbox says as a non-delivery report (pure).

A report is text that anybody can write, so nothing of it is shown but an address, and read is only:

    what                     from
    the mails it refers to   `In-Reply-To`, PidTagInReplyToId, `References` (the last first), each `Message-ID:` in the text, the attached
                             original; at most eight, in this order
    whom it says it failed   `Final-Recipient`, `Original-Recipient`, `X-Failed-Recipients`; where there is none of them what stands before
                             the original's own headers; where nothing does what stands after them
    why                      the first status code

The original's headers name everybody who was written to, so no address is taken from them. Mail systems write
reports as they like: `In-Reply-To` may be missing, the headers may come first, and a class without `.NDR` is
another kind of report. Sizes are capped. Facts: MS-OXCMAIL, MS-OXOMSG (the class of a report is that of the
original between `REPORT.` and `.NDR`), RFC 3464, the layout of a report of Exchange Online, 2026-11-26 and
-28.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.domain.addresses import visible
from bot.domain.bounces import BounceReport
from bot.graph.properties import property_value
from bot.graph.times import instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MESSAGE_CLASS, IN_REPLY_TO = "String 0x001A", "String 0x1042"
REPORT_CLASS = re.compile(r"REPORT\..+\.NDR", re.IGNORECASE)
# 500 people are on an event at most, and each may be named twice.
LONGEST_BODY, LONGEST_ID, LONGEST_HEADER, MOST_ADDRESSES, MOST_ORIGINALS = 100_000, 300, 5_000, 1_000, 8
_ID = re.compile(r"<[^<>\s]+>")
_ADDRESS = re.compile(
    r"[^\s<>()\[\]{},;:\"'=|\\@][^\s<>()\[\]{},;:\"=|\\@]{0,63}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,63}"
)
# Not a part of something longer, such as an IP address or a version.
_CODE = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_HEADER = re.compile(
    r"^[ \t>]*(?:ARC-[\w-]+|Authentication-Results|Received|DKIM-Signature|Return-Path|From|Sender|To|Cc"
    r"|Bcc|Reply-To|Subject|Date"
    r"|Message-ID|References|In-Reply-To|MIME-Version|Content-[\w-]+|Thread-[\w-]+"
    r"|X-(?!Failed-Recipients)[\w-]+):",
    re.MULTILINE | re.IGNORECASE,
)
_FAILED = re.compile(
    r"^[ \t>]*(?:Final-Recipient|Original-Recipient|X-Failed-Recipients):(.*)$", re.MULTILINE | re.IGNORECASE
)
_MESSAGE_ID = re.compile(r"\bMessage-ID:\s*(<[^<>\s]+>)", re.IGNORECASE)


def report_of(message: Mapping[str, Any]) -> BounceReport | None:
    """What a message of the inbox says as a report, None for one that is none; never raises for odd content.

    `originals` may be empty: then nobody can say what came back.
    """
    received_at = instant(message.get("receivedDateTime"))
    if not REPORT_CLASS.fullmatch(property_value(message, MESSAGE_CLASS)) or received_at is None:
        return None
    words = visible(str((message.get("body") or {}).get("content") or "")[:LONGEST_BODY])
    headers = message.get("internetMessageHeaders") or ()
    failed = _failed(words, headers)
    told = failed or _told(words)
    named = [one.rstrip(".").lower() for one in _ADDRESS.findall(told)]
    code = _CODE.search(_told(words)) or _CODE.search(words)
    return BounceReport(
        originals=tuple(dict.fromkeys(_references(headers, property_value(message, IN_REPLY_TO), words)))[
            :MOST_ORIGINALS
        ],
        addresses=tuple(dict.fromkeys(named))[:MOST_ADDRESSES],
        code=code[0] if code else "",
        received_at=received_at,
    )


def attached_original(attachments: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The `Message-ID`s of the mails that hang on a report; an attachment of another kind has none."""
    found = (str((one.get("item") or {}).get("internetMessageId") or "")[:LONGEST_ID] for one in attachments)
    return tuple(dict.fromkeys(one for one in found if _ID.fullmatch(one)))[:MOST_ORIGINALS]


def _references(headers: Sequence[Mapping[str, Any]], in_reply_to: str, words: str) -> Iterator[str]:
    named = {
        name: [str(one.get("value", "")) for one in headers if str(one.get("name", "")).lower() == name]
        for name in _REFERRING
    }
    for text in (*named["in-reply-to"], in_reply_to):
        yield from _ID.findall(text[:LONGEST_ID])
    for text in named["references"]:
        yield from reversed(_ID.findall(text[:LONGEST_HEADER]))
    yield from (one for one in _MESSAGE_ID.findall(words) if len(one) <= LONGEST_ID)


_REFERRING = ("in-reply-to", "references")


def _failed(words: str, headers: Sequence[Mapping[str, Any]]) -> str:
    """What says in so many words whom it failed."""
    said = [
        str(one.get("value", ""))[:LONGEST_HEADER]
        for one in headers
        if str(one.get("name", "")).lower() == "x-failed-recipients"
    ]
    return "\n".join([*said, *_FAILED.findall(words)])


def _told(words: str) -> str:
    """What the report itself says: before the original's headers, or, where they come first, after them."""
    first = _HEADER.search(words)
    if first is None:
        return words
    before = words[: first.start()]
    if _ADDRESS.search(before):
        return before
    # The headers are one block, up to the first empty line; what follows may end in another one.
    blank = re.compile(r"\n[ \t\r]*\n").search(words, first.end())
    after = words[blank.end() :] if blank else ""
    again = _HEADER.search(after)
    return before + (after[: again.start()] if again else after)
