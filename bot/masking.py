"""Addresses made unreadable for logs, errors and reports: the domain stays, the person does not.

Pure text. Does not know which texts hold addresses: whoever writes a log line or an error asks here.
"""

from __future__ import annotations

import re

# A local part as RFC 5322 allows it without quotes, also percent-encoded; no "/", "=", "?", "&" or "'",
# which in a URL end what stands before an address. The lengths keep the search linear.
_ADDRESS = re.compile(r"([\w.+!#$*^`{|}~%-])[\w.+!#$*^`{|}~%-]{0,200}(@|%40)([\w-]{1,63}(?:\.[\w-]{1,63}){0,10})")


def mask_address(address: str) -> str:
    """`anna.berg@x.example` as `a…@x.example`; a text without `@` as its first character and `…`."""
    local, at, domain = address.rpartition("@")
    if not at:
        return f"{address[:1]}…" if address else ""
    return f"{local[:1]}…@{domain}"


def mask_text(text: str) -> str:
    """The text with every address in it masked, percent-encoded ones (`%40`) too."""
    if "@" not in text and "%40" not in text:
        return text
    return _ADDRESS.sub(r"\1…\2\3", text)
