"""The elements of a mail's HTML."""

from __future__ import annotations

from html.parser import HTMLParser


class Elements(HTMLParser):
    """What a browser would find: (element, attributes), and whether every element is closed in its turn."""

    def __init__(self, html):
        super().__init__()
        self.found, self.open, self.balanced = [], [], True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in {"br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.balanced = self.balanced and self.open[-1:] == [tag]
        del self.open[-1:]
