"""The visible text: the same for a body that Exchange rewrote, another for one that says something else."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Language
from bot.messages.invitation import render_invitation
from bot.messages.visible_text import visible_text
from bot.sandbox.content import rewrite
from tests.builders.invitations import EVERYTHING, HOSTILE, LONG, PLACEHOLDER, PLAN

BODIES = [
    render_invitation(PLAN, which, which.offerings[0], which.offerings[0].sessions[0], language=language)
    for which in (EVERYTHING, HOSTILE, LONG, PLACEHOLDER)
    for language in Language
]
TAG = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z]+=\"[^\"]*\")*)>")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", ""),
        ("bare tekst", "bare tekst"),
        ("<p>a</p><p>b</p>", "a b"),
        ("a&nbsp;&#160;\u00a0b", "a b"),
        ("&lt;b&gt; &amp;amp; &aring;", "<b> &amp; å"),
        ("x < y > z", "x < y > z"),
        ("senest <strong>i dag</strong>.", "senest i dag."),
        ("co\u00adop\u200b", "coop"),
        ('<a href="https://x.example/?a=1&amp;b=2">her</a>', "her <https://x.example/?a=1&b=2>"),
        ("<A CLASS=x HREF=https://x.example>her</A>", "her <https://x.example>"),
        ("<a href='mailto:hr@x.example'>hr@x.example</a>", "hr@x.example"),
        ('<a href="https://x.example">https://<wbr>x.example</a>', "https:// x.example"),
        ("<a name='top'>her</a>", "her"),
        ('<a href="">her</a>', "her"),
        ('<a href="https://x.example">åben', "åben <https://x.example>"),
        ('<abbr href="https://x.example">her</abbr>', "her"),
        ("<head><title>t</title><style>p > a { }</style></head>a<script>if (a<b) x()</script>b", "a b"),
        ("a<!-- <p>skjult</p> -- > -->b<![if !mso]>c<![endif]><?xml x?>d", "a b c d"),
        ("a<style>b", "a"),
        ("a<!-- b", "a"),
        ("<p title=\"a>b\" data-x='>'>c</p>", "c"),
        ("<o:p>a</o:p></>b", "a b"),
        ("a <b", "a <b"),
    ],
)
def test_what_a_person_reads(body, said):
    """Text and link targets; everything else is looks."""
    assert visible_text(body) == said


@pytest.mark.parametrize("body", BODIES)
def test_the_rewriting_of_the_sandbox_changes_nothing_that_is_read(body):
    """As it is sent and as it comes back."""
    assert visible_text(rewrite(body, "html")) == visible_text(body)


@st.composite
def rewritings(draw):
    """A way to write the same HTML otherwise, as Exchange does: wrapped, requoted, respaced, restyled, other cases."""
    chance = draw(st.randoms(use_true_random=True))
    quotes, upper, spaces = (
        draw(st.sampled_from(['"', "'"])),
        draw(st.booleans()),
        draw(st.sampled_from(["", "\r\n", "\n  ", "\t", "&nbsp;"])),
    )

    def tag(match):
        closing, name, attributes = match.groups()
        name = name.upper() if upper else name
        pairs = re.findall(r'([a-z]+)="([^"]*)"', attributes)
        if not closing and chance.random() < 0.5:
            pairs.append(("class", "MsoNormal"))
        chance.shuffle(pairs)
        written = "".join(f" {key}={quotes}{html.escape(html.unescape(value))}{quotes}" for key, value in pairs)
        around = [chance.choice(["", spaces]) for _ in range(2)]
        return f"{around[0]}<{closing}{name}{written}>{around[1]}"

    def rewritten(body):
        inner = TAG.sub(tag, body).replace(" og ", draw(st.sampled_from([" og ", "&nbsp;og ", "\r\nog\n "])))
        return (
            f'<html><head>\r\n<meta name="Generator" content="x">\r\n<style>p {{}}</style></head>\r\n<body class="x">{inner}</body></html>'
        )

    return rewritten


@given(rewriting=rewritings(), which=st.sampled_from(BODIES))
def test_no_rewriting_that_keeps_the_words_is_a_change(rewriting, which):
    """Else every run would report that somebody edited every event."""
    assert visible_text(rewriting(which)) == visible_text(which)


@given(which=st.sampled_from(BODIES), data=st.data())
def test_a_word_or_a_link_that_changes_is_a_change(which, data):
    """Else an edit by hand would go unseen."""
    words = [
        match.span(1) for match in re.finditer(r">[^<]*?(\w{3,})[^<]*<|href=\"[^\"]*?(?=mailto:|https:)[a-z]+:/*(\w+)", which) if match[1]
    ]
    start, end = data.draw(st.sampled_from(words))
    assert visible_text(f"{which[:start]}Ændret{which[end:]}") != visible_text(which)
    for target in set(re.findall(r'href="([^"]+)"', which)):
        assert visible_text(which.replace(f'href="{target}"', f'href="{target}x"')) != visible_text(which)


class Judge(HTMLParser):
    """The standard library's reading: a space for every tag, no text of what nobody sees."""

    def __init__(self, body):
        super().__init__()
        self.pieces, self.unseen = [], False
        self.feed(body)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.unseen = tag in {"script", "style", "title"}
        self.pieces.append(" ")

    def handle_endtag(self, tag):
        self.unseen = False
        self.pieces.append(" ")

    def handle_data(self, data):
        self.pieces.append("" if self.unseen else data)


PIECES = st.recursive(
    st.text("ab æ&;.", max_size=6).map(html.escape) | st.sampled_from(["&nbsp;", "<br>", "<br/>", "<!-- x > y -->", "<style>p{}</style>"]),
    lambda inner: st.builds(
        "<{0}{2}>{1}</{0}>".format,
        st.sampled_from(["p", "B", "span", "td", "script", "o:p"]),
        st.lists(inner, max_size=3).map("".join),
        st.sampled_from(["", ' title="a > b"', " class='x' id=y", "\nhidden"]),
    ),
    max_leaves=12,
)


@given(PIECES)
def test_it_reads_what_an_html_parser_reads(body):
    """Links apart, which the parser does not write out."""
    if "<script" in body and re.search(r"<script[^>]*>[^<]*<(?!/script)", body):
        return
    expected = re.sub(r" (?=[.,;:!?)])", "", " ".join("".join(Judge(body).pieces).split()))
    assert visible_text(body) == expected
