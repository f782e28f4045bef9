"""What a preview tells of those in a group who are not invited with it."""

from __future__ import annotations

import pytest

from bot.domain.people import Language, LeftOut, LeftOutReason
from bot.invitations.preview_left_out import left_out_json, left_out_lines

GROUP = "ledere@demo.example"
OLE = {"name": "Ole", "email": "ole@firma.example"}


def of(reason, *people):
    return [LeftOut(group=GROUP, reason=LeftOutReason(reason), **person) for person in people]


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        (of("closed", {"name": "Eva"}, {"name": "Sal 1"}), ["2 lukkede konti"]),
        (of("resource", {"name": "Sal 1", "email": "sal@demo.example"}), ["Sal 1 (sal@demo.example). 1 konto"]),
        (of("no_address", {"name": "Ib"}), []),
        (of("contact", OLE), ["Ole (ole@firma.example). 1 kontakt i adressebogen"]),
        (of("contact", {"name": "Ole"}, {"email": "ib@firma.example"}), ["ib@firma.example, Ole. 2 kontakter"]),
        (of("contact", {}, {}), ["2 kontakter i adressebogen, som programmet ikke må se navnet på"]),
        (of("contact", {}, OLE), ["Ole (ole@firma.example). 1 kontakt", "1 kontakt i adressebogen, som programmet ikke må"]),
        ([], []),
    ],
)
def test_each_reason_is_told_in_its_own_way(left_out, told):
    lines = list(left_out_lines(left_out, Language.DA, ", ".join))
    assert len(lines) == len(told)
    assert all(words in line and GROUP in line for words, line in zip(told, lines, strict=True))


def test_the_document_counts_all_and_names_nobody_who_has_left():
    rows = left_out_json([*of("closed", {"name": "Eva"}), *of("contact", OLE, {})])
    assert [(row["reason"], row["count"], row["people"]) for row in rows] == [("closed", 1, []), ("contact", 2, [OLE])]
