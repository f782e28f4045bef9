"""HR's Markdown: what becomes of it, and what never does."""

from __future__ import annotations

import pytest

from bot.messages.markdown import markdown_html


@pytest.mark.parametrize("empty", ["", "  \n\n "])
def test_no_text_is_no_html(empty):
    """The message leaves the whole part out then."""
    assert markdown_html(empty) == ""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("**fed** og *kursiv*", "<strong>fed</strong> og <em>kursiv</em>"),
        ("# Stor", ">Stor</h3>"),
        ("##### Lille", ">Lille</h4>"),
        ("3. tre\n4. fire", '<ol style="margin:0 0 12px 0;padding:0 0 0 24px;" start="3">'),
        ("| A |\n|---|\n| b |", '<th scope="col" style="'),
        ("<https://x.example/å>", '<a href="https://x.example/%C3%A5">https://x.example/å</a>'),
        ("<hr@x.example>", '<a href="mailto:hr@x.example">hr@x.example</a>'),
        ("linje\\\nskift", "linje<br>"),
        ("`<kode>`", "&lt;kode&gt;</code>"),
        ("![Kort over salen](https://x.example/kort.png)", ">Kort over salen</p>"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
    ],
)
def test_markdown_is_drawn_with_its_looks_on_each_element(written, said):
    """Word knows no style sheet."""
    assert said in markdown_html(written)


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<IFRAME src=https://x.example>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html,hej)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](//x.example/uden-skema)",
        "![x](https://x.example/spion.png)",
        '[x](https://x.example "titel<p>")',
        '[x](<https://x.example/<p style="x">>)',
    ],
)
def test_nothing_but_text_and_links_to_the_web_comes_out(written):
    """Neither code, nor something fetched when the mail is opened, nor a link that leads elsewhere."""
    html = markdown_html(written).replace('href="https://x.example', "")
    for never in ("<script", "<iframe", "<img", "href=", "title=", '<p style="x'):
        assert never not in html.lower()


def test_every_element_has_its_looks_once():
    """What the cleaner lets through is dressed in one go, and text that looks like an element is not."""
    html = markdown_html("> citat\n\n---\n\n- a\n\n```\nkode <p>\n```")
    assert html.count("<p ") == 1
    for tag in ("blockquote", "hr", "ul", "li", "pre"):
        assert html.count(f"<{tag} style=") == 1
    assert "kode &lt;p&gt;" in html
