"""What single pages promise: the reasons, what it takes to add something, one page to begin with, and HR's sections of the report."""

from __future__ import annotations

import re

import pytest

from bot.domain.people import Language
from bot.i18n.catalogue import load_area
from tests.architecture.pages import ADDING, ARCHITECTURE, DECISIONS, GUIDE, PLACE, QUOTED, prose, rows, text_of
from tests.architecture.sources import ROOT


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_every_decision_says_what_why_and_what_else(page):
    """In a minute's reading, with its day, and the index leads to it."""
    lines = text_of(page).splitlines()
    assert 15 <= len(lines) <= 40
    assert re.match(r"\d{4}-\d\d-\d\d · (holds|replaced by )", lines[2])
    assert [line for line in lines if line.startswith("## ")] == ["## What", "## Why", "## What else was considered"]
    (title,) = [row[1] for row in rows(page.parent / "README.md", "number", "decision", "since") if f"({page.name})" in row[1]]
    assert title.startswith(f"[{lines[0].removeprefix('# ')}]")


def test_nothing_takes_more_than_twelve_files_to_add():
    """What touches more has its knowledge in too many places."""
    lists = re.split(r"^## ", prose(ADDING), flags=re.MULTILINE)[1:]
    files = {one.splitlines()[0]: places_of(one) for one in lists}
    assert {name: count for name, count in files.items() if count > 12} == {}


def places_of(section: str) -> int:
    """How many files and folders the numbered steps name."""
    steps = re.findall(r"^\d+\. .*$", section, flags=re.MULTILINE)
    return len({place for step in steps for place in QUOTED.findall(step) if PLACE.fullmatch(place)})


def test_the_architecture_can_be_read_in_one_go():
    """Why it is so, and the way through the functions, have pages of their own."""
    assert len(text_of(ARCHITECTURE).splitlines()) <= 170


def test_the_guide_tells_what_to_do_about_each_section_of_the_report():
    """In the order in which HR reads them."""
    sections = [said for key, said in load_area(Language.DA, "report").items() if key.startswith("section.")]
    assert [row[0] for row in rows(GUIDE, "afsnit", "hvad du gør")] == sections


def test_every_rule_stands_in_a_file_that_is_there():
    """A name without a folder stands in the folder of the name before it."""
    strays = []
    for _, files in rows(ARCHITECTURE, "rule", "file"):
        folder = ""
        for name in QUOTED.findall(files):
            folder = name.rpartition("/")[0] or folder
            if not (ROOT / folder / name.rpartition("/")[2]).exists():
                strays.append(name)
    assert strays == []
