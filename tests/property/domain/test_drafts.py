"""Drafts of one plan, whatever they say and in whatever order they come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drafts import LINES, Side, changes_between, edited, merged, rebased, taken_back

KEYS = [("courses", "a"), ("courses", "b"), ("sessions", "a//dag"), ("speakers", f"a/{LINES}")]
CELLS = st.dictionaries(st.sampled_from(["title", "note", "start"]), st.sampled_from("xyz"), min_size=1)
ORDERS = st.permutations(KEYS)
ONE, SEVERAL = (st.lists(CELLS, max_size=most) for most in (1, 2))


@st.composite
def plans(draw):
    """Rows of a small plan, lines of one owner among them."""
    rows = {}
    for key in draw(ORDERS):
        if lines := tuple(draw(SEVERAL if key[1].endswith(LINES) else ONE)):
            rows[key] = lines
    return rows


def the_changes_between_two_plans_make_the_one_of_the_other(before, after):
    result = merged(before, changes_between(before, after))
    assert result.conflicts == ()
    assert result.rows == after


def changes_that_are_taken_back_leave_nothing(before, after):
    assert merged(after, taken_back(changes_between(before, after))).rows == before


def nobodys_words_are_lost(base, mine, theirs):
    """Each change of mine stands there now, or is a conflict that keeps both."""
    changes = changes_between(base, mine)
    result = merged(theirs, changes)
    told = {one.key for one in result.conflicts}
    rows_told = {key[:2] for key in told}
    for change in changes:
        now = result.rows.get(change.key, ())
        if not change.is_by_cell(theirs.get(change.key, ())):
            assert now == change.after or change.key in rows_told
            continue
        for column in {*change.before[0], *change.after[0]}:
            shall, was = change.after[0].get(column, ""), change.before[0].get(column, "")
            kept = now[0].get(column, "") if now else ""
            if shall != was:
                assert kept == shall or (*change.key, column) in told
    untouched = theirs.keys() - {change.key for change in changes}
    assert all(result.rows[key] == theirs[key] for key in untouched)


def once_somebody_has_chosen_there_is_no_conflict(base, mine, theirs, data):
    changes = changes_between(base, mine)
    conflicts = merged(theirs, changes).conflicts
    chosen = {one.key: data.draw(st.sampled_from(Side)) for one in conflicts}
    settled = rebased(theirs, changes, chosen)
    result = merged(theirs, settled)
    assert result.conflicts == ()
    if Side.THEIRS not in chosen.values():
        assert result.rows == merged(theirs, rebased(theirs, settled, {})).rows
    if not conflicts:
        assert result.rows == merged(theirs, changes).rows


def a_draft_that_is_brought_up_to_date_has_the_same_conflicts(base, mine, theirs):
    changes = changes_between(base, mine)
    settled = rebased(theirs, changes, {})
    told = {one.key for one in merged(theirs, changes).conflicts}
    assert {one.key for one in merged(theirs, settled).conflicts} == told


def a_form_filled_in_over_a_draft_stands_there_and_what_was_open_stays_open(base, mine, theirs, form):
    """The form is filled in where the draft was shown: so it meets nobody, and loses no word of the draft."""
    draft = changes_between(base, mine)
    standing = merged(theirs, draft)
    changes, conflicts = edited(theirs, draft, changes_between(standing.rows, form))
    assert conflicts == ()
    after = merged(theirs, changes)
    assert after.rows == form
    assert {one.key for one in after.conflicts} <= {one.key for one in standing.conflicts}
    if form == standing.rows:
        assert {one.key for one in after.conflicts} == {one.key for one in standing.conflicts}


def what_two_forms_say_of_one_draft_is_there_or_told(base, mine, theirs):
    first, _ = edited(base, (), changes_between(base, mine))
    second, conflicts = edited(base, first, changes_between(base, theirs))
    both = merged(base, first).rows
    assert merged(base, second).rows == merged(both, changes_between(base, theirs)).rows
    assert conflicts == merged(both, changes_between(base, theirs)).conflicts


@given(base=plans(), mine=plans(), theirs=plans(), form=plans(), data=st.data())
def test_whatever_two_people_write(base, mine, theirs, form, data):
    """Each of these of what is drawn once, which takes longer than to look at it; whoever fails is named by where it does."""
    the_changes_between_two_plans_make_the_one_of_the_other(base, mine)
    changes_that_are_taken_back_leave_nothing(base, mine)
    nobodys_words_are_lost(base, mine, theirs)
    once_somebody_has_chosen_there_is_no_conflict(base, mine, theirs, data)
    a_draft_that_is_brought_up_to_date_has_the_same_conflicts(base, mine, theirs)
    a_form_filled_in_over_a_draft_stands_there_and_what_was_open_stays_open(base, mine, theirs, form)
    what_two_forms_say_of_one_draft_is_there_or_told(base, mine, theirs)
