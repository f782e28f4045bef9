"""HR's own words stand before ours, and a fault in them is told with file and line before anybody is mailed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from jinja2 import TemplateError

from bot.domain.errors import InputError
from bot.domain.people import Language
from bot.domain.templates import MessageKind
from bot.domain.wording import ON_PAPER, WORDED, Wording
from bot.i18n.catalogue import error_text
from bot.messages.environment import read_words, render, take_words
from bot.messages.own_words import check_words, our_words, same_for_both, unseen_texts
from tests.builders.invitations import PLAN
from tests.builders.notices import notice

if TYPE_CHECKING:
    from pathlib import Path

BROKEN = {
    "a syntax error": ("Hej\n{% if name %}Hej", 2, "end of template"),
    "an unknown name": ("Hej\n{{ navn }}", 2, "navn"),
    "an impossible sum": ("Hej\n\n{{ 1 / 0 }}", 3, "division"),
    "a wrong kind": ("{{ language + 1 }}", 1, "str"),
    "not UTF-8": (b"\xe6\xf8\xe5", 0, "utf-8"),
    "a function without an end": ("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", 1, "recursion"),
    "a number that a filter refuses": ("{{ 'abc' | truncate(-5) }}", 1, "expected length"),
    "a circle of nothing": ("{{ cycler().next() }}", 1, ""),
    "what the sandbox forbids": ("{{ language.__class__.__mro__ }}", 1, "unsafe"),
}


def write(folder: Path, name: str, content: str | bytes) -> None:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)


def refused(folder: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        check_words(replace(PLAN, own_words=str(folder)))
    for language in Language:
        assert str(caught.value.params.get("file", folder)) in error_text(language, caught.value)
    return caught.value


def test_a_template_of_hrs_own_stands_before_ours_and_the_rest_is_ours(tmp_path: Path) -> None:
    write(tmp_path, "da/withdrawn/subject.txt.j2", "Farvel til {{ what }}")
    own = replace(PLAN, own_words=str(tmp_path))
    check_words(own)
    assert notice(MessageKind.WITHDRAWN, plan=own).subject.startswith("Farvel til ")
    assert notice(MessageKind.WITHDRAWN, plan=own).html == notice(MessageKind.WITHDRAWN).html
    assert notice(MessageKind.WITHDRAWN, plan=own, language=Language.EN) == notice(MessageKind.WITHDRAWN, language=Language.EN)


@pytest.mark.parametrize(("content", "line", "detail"), BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("name", ["da/withdrawn/body.html.j2", "en/tomorrow/subject.txt.j2", "da/invitation/body.html.j2"])
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, name: str, content: str | bytes, line: int, detail: str) -> None:
    write(tmp_path, name, content)
    error = refused(tmp_path)
    assert (error.code, error.params["line"]) == ("words_broken", line)
    assert str(error.params["file"]).endswith(name)
    assert detail in str(error.params["detail"])


def test_whichever_file_a_fault_is_in_it_is_found(tmp_path: Path) -> None:
    """Alone in its folder: what is looked at is what it has a part in, and of what is shared everything."""
    for name in (name for name, _ in our_words() if name.count("/") == 2 or name in {"layout.html.j2", "notice.html.j2", "about.html.j2"}):
        write(tmp_path, name, "Hej\n{{ navn }}")
        assert str(refused(tmp_path).params["file"]).endswith(name)
        (tmp_path / name).unlink()


def test_a_file_that_stands_for_nothing_and_a_missing_folder_are_told(tmp_path: Path) -> None:
    """A misspelt name would never be used, and nobody would know why."""
    assert refused(tmp_path / "væk").code == "words_folder_missing"
    write(tmp_path, "da/imorgen/subject.txt.j2", "I morgen")
    assert refused(tmp_path).code == "words_unknown"


@pytest.mark.parametrize(
    ("name", "asks"),
    [
        ("da/follow_up/body.html.j2", "again"),
        ("da/minimum/body.html.j2", "stage == 'deadline'"),
        ("da/tomorrow/body.html.j2", "day == 'today'"),
        ("da/practical/body.html.j2", "not day"),
        ("da/cancellation/comment.txt.j2", "why == 'new_date'"),
        ("da/changed/body.html.j2", "asked"),
        ("en/cancelled/body.html.j2", "asked"),
        ("da/cancelled/body.html.j2", "stage == 'on_hold'"),
        ("da/cancelled/body.html.j2", "reason and stage == 'cancelled'"),
    ],
)
def test_a_fault_behind_a_question_is_found_before_it_is_asked(tmp_path: Path, name: str, asks: str) -> None:
    write(tmp_path, name, f"Hej\n{{% if {asks} %}}{{{{ navn }}}}{{% endif %}}")
    assert refused(tmp_path).params["line"] == 2


@pytest.mark.parametrize("name", ["da/changed/body.html.j2", "da/cancelled/body.html.j2"])
@pytest.mark.parametrize(
    ("words", "is_told"),
    [
        ("Du er på venteliste til {{ what }}", True),
        ("{% if asked %}Du er blevet tilbudt{% else %}Du er på venteliste til{% endif %} {{ what }}", False),
        ("{% extends 'ours/THIS' %}{% block message %}{{ super() }}{% endblock %}", False),
    ],
)
def test_a_text_that_says_the_same_to_who_waits_and_who_was_only_asked_is_named(
    tmp_path: Path, name: str, words: str, is_told: bool
) -> None:
    """Somebody who was only asked is on no waiting list."""
    write(tmp_path, name, words.replace("THIS", name))
    own = replace(PLAN, own_words=str(tmp_path))
    check_words(own)
    assert same_for_both(own) == ((str(tmp_path / name),) if is_told else ())
    assert same_for_both(PLAN) == ()


def test_ours_speak_to_both(tmp_path: Path) -> None:
    for name, content in our_words():
        write(tmp_path, name, content)
    assert same_for_both(replace(PLAN, own_words=str(tmp_path))) == ()


def test_a_file_that_comes_later_or_is_changed_is_seen_by_the_next_look(tmp_path: Path) -> None:
    """The service runs for months."""
    own = replace(PLAN, own_words=str(tmp_path))
    check_words(own)
    assert not notice(MessageKind.WITHDRAWN, plan=own).subject.startswith("Farvel")
    for said in ("Farvel", "På gensyn", "Farvel"):
        write(tmp_path, "da/withdrawn/subject.txt.j2", f"{said} til {{{{ what }}}}")
        check_words(own)
        assert notice(MessageKind.WITHDRAWN, plan=own).subject.startswith(f"{said} til ")


@pytest.mark.parametrize("named", ["ours/da/practical/body.html.j2", "da/practical/body.html.j2"])
def test_a_text_can_build_on_ours_of_the_same_name(tmp_path: Path, named: str) -> None:
    words = f"{{% extends '{named}' %}}{{% block message %}}{{{{ super() }}}}<p>Tag madpakke med.</p>{{% endblock %}}"
    write(tmp_path, "da/practical/body.html.j2", words)
    own = replace(PLAN, own_words=str(tmp_path))
    check_words(own)
    mine, ours = notice(MessageKind.PRACTICAL, plan=own).html, notice(MessageKind.PRACTICAL).html
    assert mine.replace("<p>Tag madpakke med.</p>", "").split() == ours.split()
    assert mine != ours


def test_ours_can_be_copied_whole_and_read_the_same(tmp_path: Path) -> None:
    for name, content in our_words():
        write(tmp_path, name, content)
    own = replace(PLAN, own_words=str(tmp_path))
    check_words(own)
    assert notice(MessageKind.DIGEST, plan=own) == notice(MessageKind.DIGEST)


def test_a_fault_of_ours_is_a_bug_and_not_hrs(tmp_path: Path) -> None:
    with pytest.raises(TemplateError):
        render("da/withdrawn/body.html.j2", {"language": "da"}, own=str(tmp_path))


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of all of ours, every message of which was rendered."""
    folder = tmp_path_factory.mktemp("copied")
    for name, content in our_words():
        write(folder, name, content)
    check_words(replace(PLAN, own_words=str(folder)))
    return folder


@pytest.mark.parametrize("message", sorted(WORDED.keys() - ON_PAPER))
def test_words_of_the_plan_stand_in_templates_of_hrs_own_that_build_on_ours(copied, message):
    """A copy of ours has their place; one from before, or one that stands alone, is named."""
    own, name = str(copied), f"da/{message}/body.html.j2"
    plan = replace(PLAN, own_words=own, texts=(Wording(message=message, language=Language.DA, opening="Hej"),))
    words = read_words(own)
    take_words(own, words)
    assert unseen_texts(plan) == ()
    take_words(own, words | {name: "<p>Vores egen, uden plads</p>"})
    assert unseen_texts(plan) == (str(copied / name),)
    assert unseen_texts(replace(plan, texts=())) == ()
    assert unseen_texts(replace(plan, own_words=None)) == ()


def test_a_shared_template_without_a_place_for_the_plans_words_is_named_itself(tmp_path):
    for name in ("layout.html.j2", "notice.html.j2"):
        old = (our_words_of(name)).replace("hr_opening", "language").replace("hr_closing", "language")
        write(tmp_path, name, old)
    texts = tuple(Wording(message=message, language=Language.DA, closing="Hej") for message in ("practical", "invitation"))
    plan = replace(PLAN, own_words=str(tmp_path), texts=texts)
    check_words(plan)
    assert unseen_texts(plan) == (str(tmp_path / "layout.html.j2"), str(tmp_path / "notice.html.j2"))


def our_words_of(name):
    return dict(our_words())[name].decode()
