"""Bytes of YAML: encodings, syntax, aliases and size, each refused with the line where it stands."""

from __future__ import annotations

import codecs
import time

import pytest

from tests.builders.documents import HEAD, HEAD_LINES, codes, found, parse, plan_of, with_course

GOOD = with_course("theme: Æbler og øl på åen 🍎")


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        codecs.BOM_UTF8 + GOOD.encode(),
        codecs.BOM_UTF16_LE + GOOD.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + GOOD.encode("utf-16-be"),
        GOOD.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16 little", "utf-16 big", "windows line ends"],
)
def test_the_encodings_that_editors_write_are_read(data):
    """UTF-8 with or without a mark, and what Notepad calls Unicode."""
    assert plan_of(data).courses[0].theme == "Æbler og øl på åen 🍎"


@pytest.mark.parametrize(
    ("data", "reason", "line"),
    [
        (GOOD.replace("🍎", "").encode("latin-1"), "encoding", HEAD_LINES + 6),
        (HEAD.encode("utf-16-le"), "character", 1),
        (codecs.BOM_UTF32_LE + GOOD.encode("utf-32-le"), "encoding", 1),
        (codecs.BOM_UTF16_LE + b"a", "encoding", 1),
        (HEAD.encode() + b"courses: []\n\x00", "character", HEAD_LINES + 2),
        (HEAD.encode() + b"courses: []\n# \x07", "character", HEAD_LINES + 2),
        (b"", "empty", 1),
        (b"# only a remark\n", "empty", 1),
        (b"a: 1\n---\nb: 2\n", "documents", 2),
        (b"[1, 2]", "no_mapping", 1),
        (b"just words", "no_mapping", 1),
    ],
)
def test_what_is_no_yaml_plan_is_unreadable_with_its_line(data, reason, line):
    """`plan.unreadable`, at the root, with the line where reading stopped."""
    assert found(data) == [("plan.unreadable", reason, "", line)]


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("a: 1\nb:\n\tc: 2\n", "tab", 3),
        ("a: b: c\n", "colon", 1),
        ("a: 1\n  b: 2\n", "colon", 2),
        ("a:\n    b: 1\n  c: 2\n", "indent", 3),
        ("a: 'b\nc: d\n", "open_quote", 3),
        ("a: [1, 2\nb: 3\n", "bracket", 2),
        ("a: @b\n", "first_character", 1),
        ("abc\nd: e\n", "colon", 2),
        ("a: !!python/object:os.system x\n", "tag", 1),
        ("a: !!str 1\n", "tag", 1),
        ("a: &x {b: 1}\nc: {<<: *x}\n", "merge", 2),
        ("a: *nowhere\n", "alias", 1),
        ("a: &x [*x]\n", "alias", 1),
        ("? [a]\n: b\n", "complex_key", 1),
        ("%YAML 9.9\n---\na: 1\n", "other", 1),
    ],
)
def test_a_slip_of_syntax_is_told_with_its_line(text, reason, line):
    """`yaml.syntax` with a text for the slips that people make."""
    assert [(code, why, where) for code, why, _, where in found(text)] == [("yaml.syntax", reason, line)]


def test_every_duplicate_key_is_told_and_the_rest_is_still_checked():
    """YAML would silently take the last of two equal keys."""
    text = with_course("title: Igen\ntheme: a\ntheme: b\ntheme: c").replace("    audience: ledere\n", "    audience: leder\n")
    assert found(text) == [
        ("reference.unknown", "audience_near", "courses[0].audience", HEAD_LINES + 5),
        ("yaml.duplicate_key", None, "courses[0].title", HEAD_LINES + 6),
        ("yaml.duplicate_key", None, "courses[0].theme", HEAD_LINES + 8),
        ("yaml.duplicate_key", None, "courses[0].theme", HEAD_LINES + 9),
    ]


def test_an_aliased_value_is_read_where_it_is_used_and_its_problem_told_once():
    """An alias stands for the text at its anchor, and that is the place to mend."""
    text = f"{HEAD}courses:\n" + "".join(
        f"  - {{id: k{number}, title: K, status: draft, venue: {venue}}}\n" for number, venue in enumerate(("&sted {nam: Sal}", "*sted"))
    )
    assert found(text)[0][:3] == ("key.unknown", "near", "courses[0].venue.nam")
    assert codes(text).count("key.unknown") == 1
    assert plan_of(text.replace("nam:", "name:")).courses[1].venue.name == "Sal"
    assert plan_of(with_course("theme: &t Emne\ndescription: *t")).courses[0].description == "Emne"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: " + "[" * 100_000, "deep"),
        ("a: " + "{b: " * 100_000, "deep"),
        ("- " * 50_000, "deep"),
        ("a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 60)), "deep"),
        ("a0: &a0 [x,x]\n" + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)), "nodes"),
    ],
    ids=["lists", "mappings", "dashes", "alias ladder", "a billion laughs"],
)
def test_a_document_that_would_grow_without_bound_is_refused_at_once(text, reason):
    """Depth and size are bounded while reading, aliases counted with all they stand for."""
    began = time.process_time()
    problem = parse(text).problems[-1]
    assert (problem.code, problem.params["reason"]) == ("plan.unreadable", reason)
    assert time.process_time() - began < 1


def test_a_huge_key_does_not_make_every_place_below_it_huge():
    """Places repeat the keys above them, so a key in a place is cut."""
    text = f"{'k' * 100_000}: [{', '.join(['{b: 1}'] * 50)}]\n"
    assert all(len(problem.place) < 100 for problem in parse(text).problems)


def test_a_file_of_more_than_20_mb_is_unreadable_without_being_read():
    """Whatever its content."""
    assert found(b"a" * 20_000_001) == [("plan.unreadable", "too_big", "", 1)]


@pytest.mark.parametrize(
    ("written", "value"), [("no", "no"), ("on", "on"), ("1e3", "1e3"), ("0x1f", "0x1f"), ("2025-06-01", "2025-06-01"), ("007", "007")]
)
def test_a_scalar_is_never_guessed_to_be_something_else(written, value):
    """YAML 1.1 makes False, 1000.0, 31, a date and 7 of these."""
    text = with_course("theme: x").replace("id: kursus", f"id: {written}").replace("theme: x", f"theme: {written}")
    course = plan_of(text).courses[0]
    assert (course.id, course.theme) == (value, value)


def test_an_empty_value_counts_as_not_given():
    """`theme:` with nothing, `~` and `null` say nothing; a required key with nothing is missing."""
    for nothing in ("", "~", "null", "''"):
        assert plan_of(with_course(f"theme: {nothing}")).courses[0].theme == ""
    assert plan_of(with_course("theme: 'null'")).courses[0].theme == "null"
    assert "key.missing" in codes(with_course("").replace("title: Et kursus", "title:"))
