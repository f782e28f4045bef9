"""Whatever the bytes are: parsing ends, raises nothing, and gives a plan or says what is wrong and where."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.people import Language
from bot.plan import parse_plan, problem_text
from bot.plan.sheets import SHEETS
from bot.plan.starter import starter

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FRAGMENTS = (
    "[", "]", "{", "}", ":", "- ", "\t", "\n", "'", '"', "|", ">", "&a ", "*a", "!!int ", "<<: *a", "---", "...", "%", "@", "?", "~",
    "null",
    "9999-12-31", "0000-00-00", "2025-03-30T02:30", "2025-02-30", "1e309", "-1", "99999999999999999999", "æ", "\ufeff", "\u202e", "\x85",
    "  ", "sessions:", "offerings:", "start: ", "period: ", "audience: ",
)  # fmt: skip
TEXTS = (
    "", " ", "-", "=1+1", "01-02-2030", "01/02/2030", "1. juni 2030 kl. 9.00", "31-02-2030", "9.75", "kl. 25.00", "ja", "godkendt",
    "approved", "lederdag", "ledere", "not x", "2030-H2", "\u202e", "x" * 300, "#REF!",
)  # fmt: skip
XML_FRAGMENTS = (b"", b"9", b'"', b"XFD1048576", b"<c r='B2' t='s'><v>99999</v></c>", b"<c t='d'><v>2030-99-99</v></c>", b"<!DOCTYPE a>")
CELLS = st.one_of(
    st.sampled_from(TEXTS),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-1, 60000),
    st.booleans(),
    st.just(date(2030, 3, 5)),
    st.just(datetime(2030, 3, 5, 9, 0)),
    st.just(time(9, 30)),
)


def check(data, name="plan"):
    parsed = parse_plan(data, name=name, now=NOW)
    assert (parsed.plan is None) == any(problem.is_error for problem in parsed.problems)
    for problem in parsed.problems:
        assert problem.line >= 1
        assert all(problem_text(language, problem) for language in Language)
    return parsed


@cache
def example(kind):
    return starter(kind, Language.DA)


@settings(max_examples=100)
@given(data=st.binary(max_size=200) | st.binary(max_size=100).map(lambda rest: b"PK\x03\x04" + rest))
def test_any_bytes_give_problems_and_no_traceback(data):
    """Bytes that are nothing at all."""
    check(data)


@settings(max_examples=100)
@given(text=st.text(st.sampled_from("ab:-[]{}'\"|>&*!%#\n \t,?~1é"), max_size=80) | st.lists(st.sampled_from(FRAGMENTS)).map("".join))
def test_any_text_gives_problems_and_no_traceback(text):
    """Texts of the characters that mean something to YAML."""
    check(text.encode())


@settings(max_examples=50)
@given(data=st.data())
def test_a_good_plan_with_slips_gives_a_plan_or_problems(data):
    """Some places of a good file cut out, doubled or written over."""
    text = example("yaml").decode()
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 40))
        inserted = data.draw(st.sampled_from(FRAGMENTS) | st.just(text[start:end] * 2))
        text = text[:start] + inserted + text[end:]
    check(text.encode())


@settings(max_examples=30)
@given(data=st.data())
def test_a_workbook_with_broken_bytes_gives_a_plan_or_problems(data):
    """What a bad disk or mail gateway does to a file."""
    content = bytearray(example("xlsx"))
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(content) - 1))
        content[position] = data.draw(st.integers(0, 255))
    check(bytes(content[: data.draw(st.sampled_from((None, None, len(content) // 2)))]))


@settings(max_examples=25)
@given(data=st.data())
def test_a_workbook_with_slips_inside_its_parts_gives_a_plan_or_problems(data):
    """An archive that is whole, of XML that is not what Excel writes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(example("xlsx"))) as whole, zipfile.ZipFile(stream, "w") as changed:
        parts = {name: whole.read(name) for name in whole.namelist()}
        name = data.draw(st.sampled_from([part for part in sorted(parts) if part.endswith((".xml", ".rels"))]))
        start = data.draw(st.integers(0, len(parts[name])))
        end = start + data.draw(st.integers(0, 30))
        inserted = data.draw(st.sampled_from((*XML_FRAGMENTS, parts[name][start:end] * 2)))
        parts[name] = parts[name][:start] + inserted + parts[name][end:]
        for part, content in parts.items():
            changed.writestr(part, content)
    check(stream.getvalue())


@settings(max_examples=30)
@given(data=st.data())
def test_a_workbook_with_anything_in_its_cells_gives_a_plan_or_problems(data):
    """Any kind of value under any heading, with the place of each problem in the sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        moment = book.add_format({"num_format": "dd-mm-yyyy hh:mm"})
        for sheet in data.draw(st.lists(st.sampled_from(SHEETS), min_size=2, max_size=5, unique=True)):
            page = book.add_worksheet(data.draw(st.sampled_from((sheet.danish, sheet.english.upper()))))
            headings = [column.danish for column in sheet.columns]
            for row, values in enumerate([headings, *data.draw(st.lists(st.lists(CELLS, max_size=len(headings)), max_size=3))]):
                for position, value in enumerate(values):
                    if isinstance(value, date | time):
                        page.write_datetime(row, position, value, moment)
                    elif isinstance(value, str):
                        page.write_string(row, position, value)
                    else:
                        page.write(row, position, value)
    check(stream.getvalue())


def test_the_municipalitys_plan_cut_anywhere_gives_a_plan_or_problems():
    """A file that was only half written."""
    content = (Path(__file__).parents[3] / "config" / "plans" / "norddjurs.yaml").read_bytes()
    for length in range(0, len(content), 211):
        check(content[:length])
