"""The plain text of a mail: every word of it, in readable lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.people import Language
from bot.domain.templates import MessageKind
from bot.messages.plain_text import text_of
from bot.messages.visible_text import visible_text
from tests.builders.notices import evil_notice, notice


def test_paragraphs_points_and_links_are_told_apart() -> None:
    body = (
        "<div><title>x</title><p>Hej  <strong>Anna</strong>,\nvelkommen.</p><ul><li>onsdag</li><li>torsdag</li></ul>"
        '<p>Skriv til <a href="mailto:hr@by.example">hr@by.example</a> eller '
        '<a href="https://by.example/a?b=1&amp;c=2">se mere</a>.<br>Hilsen</p>'
        "<table><tr><td>a</td><td>b</td></tr></table></div>"
    )
    assert text_of(body) == (
        "Hej Anna, velkommen.\n\n- onsdag\n- torsdag\n\n"
        "Skriv til hr@by.example eller se mere <https://by.example/a?b=1&c=2>.\nHilsen\n\na b\n"
    )


@pytest.mark.parametrize(
    ("body", "said"), [("", "\n"), ("a</a>b", "ab\n"), ("<a>uden mål</a>", "uden mål\n"), ("<script>x</script>y", "y\n")]
)
def test_odd_html_gives_text_all_the_same(body: str, said: str) -> None:
    assert text_of(body) == said


def squeezed(text: str) -> str:
    return "".join(text.replace("\n- ", "").split())


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", MessageKind)
def test_no_word_of_a_message_is_lost(kind: MessageKind, language: Language) -> None:
    """What HTML shows, the text says, also what means harm."""
    for made in (notice(kind, language=language), evil_notice(kind, language)):
        assert squeezed(text_of(made.html)) == squeezed(visible_text(made.html).replace("<mailto:", "<"))


@given(st.text(alphabet="ab <>&/p=\"'\n\0"))
def test_whatever_comes_it_ends_with_one_line_break(body: str) -> None:
    assert text_of(body).rstrip("\n") + "\n" == text_of(body)
