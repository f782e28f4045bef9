"""What a file to take along is called, and a long list a page at a time."""

from urllib.parse import unquote

import pytest

from bot.web.desk.downloads import file_named
from bot.web.desk.paging import paged


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("Deltagere – Ærø's dag", "Deltagere - Ærø-s dag.xlsx"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j.xlsx"),
        ("../../etc/passwd", "etc-passwd.xlsx"),
        ("\r\nSet-Cookie: x=1", "Set-Cookie- x-1.xlsx"),
        ("x" * 300, "x" * 80 + ".xlsx"),
        ("???", "kursus.xlsx"),
    ],
)
def test_a_file_has_a_name_that_every_machine_can_have(called, name):
    said = file_named(b"", "xlsx", plain="kursus", called=called).headers["content-disposition"]
    first, second = said.split("; filename*=UTF-8''")
    assert (first, unquote(second), said.isascii()) == ('attachment; filename="kursus.xlsx"', name, True)


@pytest.mark.parametrize(
    ("page", "rows", "number"),
    [
        ("", [0, 1], 1),
        ("2", [2, 3], 2),
        ("3", [4], 3),
        ("99", [4], 3),
        ("0", [0, 1], 1),
        ("-1", [0, 1], 1),
        ("²", [0, 1], 1),
        ("9" * 50, [0, 1], 1),
    ],
)
def test_a_page_is_the_nearest_there_is(page, rows, number):
    assert paged(range(5), page, 2)[1:] == (number, 3)
    assert [*paged(range(5), page, 2)[0]] == rows
    assert paged((), page, 2)[1:] == (1, 1)
