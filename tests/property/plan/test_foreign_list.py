"""Whatever somebody's list says: the plan can be read afterwards, and no word of what was not understood is lost."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.plan.desk_rows import read_rows
from bot.plan.foreign_list import ListField, SameTitle, taken_in
from bot.plan.tables import ListedRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EMPTY = {
    ("plan", "plan"): (
        {
            "version": "1", "id": "by", "organisation": "By", "timezone": "Europe/Copenhagen", "language": "da",
            "organiser": "kurser@by.example", "contact": "hr@by.example",
        },
    )
}  # fmt: skip
TYPED = st.sampled_from((
    "", "18/6-2027", "18. juni 2027 kl. 9-15", "9-15", "kl. 9", "15.30", "31/2-2027", "marts 2027", "06/07/27", "40", "max 40",
    "hr@by.example", "Anna", "Sal 2", "godkendt", "kladde", "-", "=1+1", "<b>", "ja", "2027", "17.-18. marts 2027",
))  # fmt: skip


@settings(max_examples=150)
@given(
    lines=st.lists(st.dictionaries(st.sampled_from([one for one in ListField if one is not ListField.TITLE]), TYPED), max_size=5),
    titles=st.lists(st.sampled_from(("Lederdag", "lederdag", "Trivsel", "", "!!")), min_size=5, max_size=5),
    same=st.sampled_from(SameTitle),
)
def test_a_list_never_makes_a_plan_that_cannot_be_read(lines, titles, same):
    columns = dict(enumerate(ListField))
    listed = [
        ListedRow(cells=tuple({**line, ListField.TITLE: title}.get(name, "") for name in columns.values()), sheet="", line=number)
        for number, (line, title) in enumerate(zip(lines, titles, strict=False), 2)
    ]
    taken = taken_in(EMPTY, listed, columns, same=same, note_of={name: name.value for name in ListField}, called=str)
    parsed = read_rows(taken.rows, now=NOW)
    wrong = [one for one in parsed.problems if one.is_error]
    assert all(one.code in ALLOWED for one in wrong), wrong
    notes = "\n".join(lines[0].get("note", "") for (sheet, _), lines in taken.rows.items() if sheet == "courses")
    assert all(f"{doubt.field.value}: {doubt.typed}" in notes for doubt in taken.doubts)


ALLOWED = {"deadline.after_start", "value.invalid", "key.missing", "session.end_before_start", "cell.invalid"}
"""What stands in the list and cannot be, as somebody typed it: told beside its field in the draft."""
