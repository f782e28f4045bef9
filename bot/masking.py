"""Addresses made unreadable for logs, errors and reports: the domain stays, the person does not.

A shared mailbox or a group is nobody: who has to mend something reads its whole name on the terminal. Log
lines mask these too. Pure text. Does not know which texts hold addresses: whoever writes a log line or an
error asks here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Collection

_DOMAIN = re.compile(r"(?:@|%40)[\w-]+(?:\.[\w-]+)*")
# What a local part may hold besides letters, digits and "_", also percent-encoded. Not "/", "=", "?" or "&":
# in a URL they end what stands before an address.
_SIGNS = frozenset(".+!#$*^`{|}~%-_")


def mask_address(address: str) -> str:
    """`anna.berg@x.example` as `a…@x.example`; a text without `@` as its first character and `…`."""
    local, at, domain = address.rpartition("@")
    if not at:
        return f"{address[:1]}…" if address else ""
    return f"{local[:1]}…@{domain}"


def mask_text(text: str, *, shared: Collection[str] = ()) -> str:
    """The text with every address in it masked, percent-encoded ones (`%40`) too.

    Those of `shared` mailboxes stay, in any case.
    """
    if "@" not in text and "%40" not in text:
        return text
    pieces: list[str] = []
    done = 0
    for domain in _DOMAIN.finditer(text):
        start = _start_of_local_part(text, domain.start(), done)
        if start < domain.start() and unquote(text[start : domain.end()]).lower() not in shared:
            pieces += [text[done : start + 1], "…"]
            done = domain.start()
    return "".join(pieces) + text[done:]


def _start_of_local_part(text: str, end: int, least: int) -> int:
    """Where the local part that ends before `end` begins; `end` when there is none.

    An apostrophe belongs to it between letters (O'Hara, doubled in OData), not where it quotes the address.
    """
    start = end
    while start > least:
        before = text[start - 1]
        if before == "'" and start < end:
            width = 2 if text[max(least, start - 2) : start] == "''" else 1
            if start - width <= least or not text[start - width - 1].isalnum():
                break
            start -= width
        elif before.isalnum() or before in _SIGNS:
            start -= 1
        else:
            break
    return start
