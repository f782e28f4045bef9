"""HR's templates come to an end, whatever is written in them; and what they need of loops and filters they have."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from jinja2 import DictLoader
from jinja2.exceptions import SecurityError, UndefinedError

from bot.domain.errors import InputError
from bot.messages.environment import LARGEST_FILE, read_words
from bot.messages.guarded import LARGEST, MOST_STEPS, Guarded, rendered
from bot.messages.own_words import check_words
from tests.builders.invitations import PLAN

if TYPE_CHECKING:
    from pathlib import Path

LOOP = "{% for a in range(1000) %}{% for b in range(1000) %}"
ENDLESS = {
    "a product": "{{ 'a' * 999999999 }}",
    "a product the other way": "{{ 999999999 * 'a' }}",
    "a list": "{{ [1] * 999999999 }}",
    "loops in loops": f"{LOOP}x{{% endfor %}}{{% endfor %}}",
    "loops that say nothing": f"{LOOP}{{% set x = 1 %}}{{% endfor %}}{{% endfor %}}",
    "a long range": "{% for a in range(99999) %}{% endfor %}",
    "a macro that calls itself twice": "{% macro f(n) %}{% if n %}{{ f(n - 1) }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(99) }}",
    "a loop that calls itself": "{% for a in [[1, 2]] * 9 recursive %}{{ loop([[1, 2]] * 9) if loop.depth < 99 }}{% endfor %}",
    "a file that takes itself in twice": "{% if depth|default(0) < 99 %}{% set depth = depth|default(0) + 1 %}"
    "{% include 'it' %}{% include 'it' %}{% endif %}",
    "a power": "{{ 9 ** 9 ** 9 }}",
    "a number that grows": "{% set n = namespace(x=9) %}{% for a in range(99) %}{% set n.x = n.x * n.x %}{% endfor %}",
    "a sum that doubles": "{% set n = namespace(x='a') %}{% for a in range(99) %}{% set n.x = n.x + n.x %}{% endfor %}",
    "a join that doubles": "{% set n = namespace(x='a') %}{% for a in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}",
    "what is captured doubles": "{% set n = namespace(x='a') %}{% for a in range(99) %}"
    "{% set n.x %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
    "captured through a filter": "{% set n = namespace(x='a') %}{% for a in range(99) %}"
    "{% set n.x | upper %}{{ n.x }}{{ n.x }}{% endset %}{% endfor %}",
    "a wide filter": "{{ 'a' | center(999999999) }}",
    "a deep indent": "{{ 'a\na' | indent(width=999999999) }}",
    "a wide method": "{{ 'a'.ljust(999999999) }}",
    "a filled place": "{{ '%999999999d' % 1 }}",
    "a place of a given width": "{{ '%*d' % (999999999, 1) }}",
    "a format": "{{ '{:>999999999}'.format(1) }}",
    "a format of a given width": "{{ '{:>{}}'.format(1, 999999999) }}",
    "a replacement": "{% set s = 'a' * 9999 %}{{ s | replace('a', s) }}",
    "a replacing method": "{% set s = 'a' * 9999 %}{{ s.replace('a', s) }}",
    "a long list joined": "{% set s = 'a' * 9999 %}{{ ([s] * 9999) | join(s) }}",
    "words without end": "{{ lipsum(999999) }}",
    "much of little": "{% set s = 'a' * 9999 %}{% for a in range(999) %}{{ s }}{% endfor %}",
}


def made(template: str) -> str:
    return rendered(Guarded(loader=DictLoader({"it": template})), "it", {"names": ["Anna", "Bo"]})


@pytest.mark.parametrize("template", ENDLESS.values(), ids=ENDLESS)
def test_what_would_never_end_or_fill_the_memory_is_refused_soon(template: str) -> None:
    began = time.process_time()
    with pytest.raises((SecurityError, UndefinedError, RecursionError, TypeError, ValueError)):
        made(template)
    # Seconds, where it would be for ever; the tracing of branches makes it several times as long.
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{% for name in names %}{{ loop.index }}. {{ name }} {% endfor %}", "1. Anna 2. Bo "),
        ("{{ names | join(', ') }} {{ 'a-b'.replace('-', '+') }} {{ 'Anna' | replace('n', 'm') }}", "Anna, Bo a+b Amma"),
        ("{{ '%s og %d' % ('Anna', 2) }} {{ '{:,}'.format(125000) }} {{ 2 ** 10 }} {{ 1.5 ** 2 }}", "Anna og 2 125,000 1024 2.25"),
        ("{{ 125000 * 3 }} {{ 'ab' * 3 }} {{ 10 % 4 }} {{ 'a' ~ 1 ~ none }} {{ 125000 | round }}", "375000 ababab 2 a1None 125000"),
        ("{% set x %}{{ names[0] }}{% endset %}{{ x | upper }} {% set y | lower %}{{ x }}{% endset %}{{ y }}", "ANNA anna"),
        (
            "{% macro f(n) %}<{{ n }}>{% endmacro %}{{ f(1) }}{% macro g() %}{{ caller() }}{% endmacro %}{% call g() %}2{% endcall %}",
            "<1>2",
        ),
        ("{{ names | map('upper') | list }} {{ 'a' | center(3) }}.", "['ANNA', 'BO']  a ."),
    ],
)
def test_what_a_message_needs_is_as_ever(template: str, text: str) -> None:
    assert made(template) == text


def test_each_message_has_its_own_steps() -> None:
    """And a message made while another is made counts for itself."""
    much = "{% for a in range(900) %}{% for b in range(50) %}{% endfor %}{% endfor %}"
    assert MOST_STEPS < 2 * 900 * 50
    assert [made(much), made(much)] == ["", ""]


def test_a_template_without_end_is_told_with_file_and_line_as_every_fault_is(tmp_path: Path) -> None:
    file = tmp_path / "da/withdrawn/body.html.j2"
    file.parent.mkdir(parents=True)
    file.write_text("Hej\n{{ 'a' * 999999999 }}", "utf-8")
    with pytest.raises(InputError) as caught:
        check_words(replace(PLAN, own_words=str(tmp_path)))
    assert (caught.value.code, caught.value.params["file"], caught.value.params["line"]) == ("words_broken", str(file), 2)


@pytest.mark.parametrize("kind", ["a link out of the folder", "a folder", "a dangling link"])
def test_what_is_no_file_of_the_folder_is_not_read(tmp_path: Path, kind: str) -> None:
    """A link would put any file that the service may read into a mail."""
    secret, file = tmp_path / "env.sh", tmp_path / "words/da/withdrawn/body.html.j2"
    file.parent.mkdir(parents=True)
    secret.write_text("KURSUSBOT_TOKEN=1", "utf-8")
    if kind == "a folder":
        file.mkdir()
    else:
        file.symlink_to(secret if kind == "a link out of the folder" else tmp_path / "nowhere")
    with pytest.raises(InputError) as caught:
        read_words(str(tmp_path / "words"))
    assert (caught.value.code, caught.value.params["file"]) == ("words_elsewhere", str(file))


def test_a_link_within_the_folder_is_a_file_like_any_other(tmp_path: Path) -> None:
    folder = tmp_path / "da/withdrawn"
    folder.mkdir(parents=True)
    (folder / "body.html.j2").write_text("Hej", "utf-8")
    (folder / "subject.txt.j2").symlink_to(folder / "body.html.j2")
    assert read_words(str(tmp_path)) == {"da/withdrawn/body.html.j2": "Hej", "da/withdrawn/subject.txt.j2": "Hej"}


def test_a_file_larger_than_any_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "da/withdrawn").mkdir(parents=True)
    (tmp_path / "da/withdrawn/body.html.j2").write_text("a" * (LARGEST_FILE + 1), "utf-8")
    with pytest.raises(InputError, match="words_broken"):
        read_words(str(tmp_path))
    assert LARGEST_FILE < LARGEST
