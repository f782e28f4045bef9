"""What a message of the inbox says as a non-delivery report (pure).

A report is text that anybody can write, so nothing of it is shown, and read is only: the `Message-ID` that it answers (by the header
or by PidTagInReplyToId), the addresses that it names, and the first status code. Addresses are taken from before the original's own
headers, since these name everybody who was written to. Sizes are capped. Facts: MS-OXCMAIL, MS-OXOMSG (the class of a report is
that of the original between `REPORT.` and `.NDR`) and the layout of a report of Exchange Online, 2026-11-26.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.bounces import BounceReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MESSAGE_CLASS, IN_REPLY_TO = "String 0x001A", "String 0x1042"
REPORT_CLASS = re.compile(r"REPORT\..+\.NDR", re.IGNORECASE)
# 500 people are on an event at most, and each may be named twice.
LONGEST_BODY, LONGEST_ID, MOST_ADDRESSES = 100_000, 300, 1_000
_ID = re.compile(r"<[^<>\s]+>")
_ADDRESS = re.compile(r"[^\s<>()\[\]{},;:\"'=|\\@][^\s<>()\[\]{},;:\"=|\\@]{0,63}@(?:[\w-]{1,63}\.)+[^\W\d_]{2,63}")
# Not a part of something longer, such as an IP address or a version.
_CODE = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_ORIGINAL_HEADERS = re.compile(
    r"^(?:ARC-[\w-]+|Authentication-Results|Received|DKIM-Signature|Return-Path|From|To|Cc|Message-ID|X-[\w-]+):",
    re.MULTILINE | re.IGNORECASE,
)


def report_of(message: Mapping[str, Any]) -> BounceReport | None:
    """What a message of the inbox says as a report, None for one that is none or answers nothing; never raises for odd content."""
    properties = {one.get("id"): str(one.get("value", "")) for one in message.get("singleValueExtendedProperties") or ()}
    original = _original(message.get("internetMessageHeaders") or (), properties)
    received_at = _instant(str(message.get("receivedDateTime", "")))
    if not REPORT_CLASS.fullmatch(properties.get(MESSAGE_CLASS, "")) or original is None or received_at is None:
        return None
    words = str((message.get("body") or {}).get("content") or "")[:LONGEST_BODY]
    headers = _ORIGINAL_HEADERS.search(words)
    told = words[: headers.start()] if headers else words
    named = [one.rstrip(".").lower() for one in _ADDRESS.findall(told)]
    named += [str((one.get("emailAddress") or {}).get("address", "")).lower() for one in message.get("toRecipients") or ()]
    code = _CODE.search(told)
    return BounceReport(
        original=original, addresses=frozenset(named[:MOST_ADDRESSES]), code=code[0] if code else "", received_at=received_at
    )


def _original(headers: Sequence[Mapping[str, Any]], properties: Mapping[Any, str]) -> str | None:
    """The `Message-ID` that it answers: by the header, else by the extended property."""
    named = [str(one.get("value", "")) for one in headers if str(one.get("name", "")).lower() == "in-reply-to"]
    for text in [*named, properties.get(IN_REPLY_TO, "")]:
        found = _ID.search(text[:LONGEST_ID])
        if found:
            return found[0]
    return None


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
