"""What Exchange makes of an HTML body: it never comes back as it was sent.

The rewriting is deterministic, and stands still on its own output, so that a client which sends back
what it read changes nothing. Also the Teams join block and the preview text. Facts: graph-facts
section 1 and the documented bodies of the contract folder (2026-11-22); the exact rewriting is made up.
"""

from __future__ import annotations

import hashlib
import html
import re
from functools import lru_cache

HEAD = (
    '<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n'
    '<meta name="Generator" content="Microsoft Exchange Server">\r\n</head>\r\n<body>\r\n'
)
FOOT = "\r\n</body>\r\n</html>\r\n"
_RULE = "_" * 80
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"""([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_OUTER = re.compile(
    r"<!doctype[^>]*>|<head\b.*?</head>|</?html\b[^>]*>|</?body\b[^>]*>|<script\b.*?</script>",
    re.IGNORECASE | re.DOTALL,
)
_JOIN_URL = re.compile(r"https://teams\.sandbox\.example/l/meetup-join/[0-9a-f]+")


def rewrite(text: str, content_type: str) -> str:
    """Return the HTML that Exchange stores for a body of `content_type` (`html` or `text`)."""
    if content_type.lower() == "text":
        lines = html.escape(text, quote=False).replace("\r\n", "\n").split("\n")
        inner = '<div class="PlainText">' + "<br>\r\n".join(lines) + "</div>"
    else:
        inner = _TAG.sub(_rewrite_tag, _OUTER.sub("", text))
        inner = re.sub(r"[\r\n]+[ \t]*", "\r\n", inner).strip()
    return HEAD + inner + FOOT


def _rewrite_tag(match: re.Match[str]) -> str:
    return _rewritten(match[1], match[2].lower(), match[3])


@lru_cache(maxsize=4096)
def _rewritten(closing: str, name: str, rest: str) -> str:
    """One tag; a body has few different ones."""
    if closing:
        return f"</{name}>"
    if not rest.strip(" /"):
        return f"<{name}>"
    out = [name]
    for found in _ATTRIBUTE.finditer(rest.rstrip("/ ")):
        value = next((v for v in found.groups()[1:] if v is not None), None)
        key = found[1].lower()
        if key.startswith("on"):
            continue
        if value is not None and key == "style":
            value = _rewrite_style(value)
        out.append(key if value is None else f'{key}="{value}"')
    return "<" + " ".join(out) + ">"


def _rewrite_style(style: str) -> str:
    parts = [p.partition(":") for p in style.split(";") if p.strip()]
    return "; ".join(f"{name.strip().lower()}:{value.strip()}" for name, _, value in parts)


def as_text(stored: str) -> str:
    """Return the plain text of a stored body."""
    inner = _OUTER.sub("", stored)
    inner = re.sub(r"<br\s*/?>|</(p|div|tr|h\d|li)>", "\n", inner, flags=re.IGNORECASE)
    text = html.unescape(re.sub(r"<[^>]+>", "", inner))
    return re.sub(r"\s*\n\s*", "\r\n", text).strip()


def preview(stored: str) -> str:
    """Return `bodyPreview`: the first 255 characters of the text."""
    return as_text(stored[: len(HEAD) + 1500])[:255]


def join_url(seed: str) -> str:
    """Return the address of a new Teams meeting, always the same for `seed`."""
    return "https://teams.sandbox.example/l/meetup-join/" + hashlib.sha256(seed.encode()).hexdigest()[:40]


def join_block(url: str) -> str:
    """Return the HTML that joins a meeting, as Teams adds it to a body."""
    return (
        '<div style="width:100%; height:20px"><span style="white-space:nowrap; color:gray; '
        f'opacity:.36">{_RULE}</span></div>\r\n'
        '<div class="me-email-text" style="color:#252424; font-family:Segoe UI,Arial,sans-serif">'
        '<div style="margin-top:24px; margin-bottom:20px"><span style="font-size:24px">'
        "Microsoft Teams-møde</span></div>\r\n"
        f'<div style="margin-bottom:20px"><a class="me-email-headline" href="{url}">'
        "Klik her for at deltage i mødet</a></div></div>\r\n"
        f'<div style="width:100%; height:20px"><span style="color:gray">{_RULE}</span></div>'
    )


def with_join_block(stored: str, url: str) -> str:
    """Return a stored body with the join block at its end."""
    return stored.removesuffix(FOOT) + "\r\n" + join_block(url) + FOOT


def has_join_block(stored: str, url: str) -> bool:
    """Whether a body still holds the way into the meeting."""
    return any(found[0] == url for found in _JOIN_URL.finditer(stored))
