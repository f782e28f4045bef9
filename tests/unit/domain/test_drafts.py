"""What two people change of one plan: nobody's words are lost, and what is not the same is never mixed."""

from __future__ import annotations

import pytest

from bot.domain.drafts import (
    WHOLE,
    RowChange,
    Side,
    changes_between,
    merged,
    rebased,
    taken_back,
)

LEDERDAG = ("courses", "lederdag")
TRIVSEL = ("courses", "trivsel")
SPEAKERS = ("speakers", "lederdag/*")
ROWS = {
    LEDERDAG: ({"id": "lederdag", "title": "Lederdag", "status": "proposed"},),
    TRIVSEL: ({"id": "trivsel", "title": "Trivsel"},),
    SPEAKERS: ({"name": "Ekstern Taler", "email": "taler@firma.example"},),
}


def course(**cells):
    return ({"id": "lederdag", "title": "Lederdag", "status": "proposed"} | cells,)


def change(key=LEDERDAG, *, before=ROWS[LEDERDAG], after, behind=""):
    return RowChange(sheet=key[0], row=key[1], before=before, after=after, behind=behind)


MINE = change(after=course(title="Fælles lederdag"))
NEW = change(("courses", "ny"), before=(), after=({"id": "ny"},), behind="lederdag")
GONE = change(TRIVSEL, before=ROWS[TRIVSEL], after=())
OTHER_SPEAKER = ({"name": "Ny Taler", "email": "ny@firma.example"},)


def test_cells_that_others_left_alone_are_changed_and_theirs_stay():
    theirs = ROWS | {LEDERDAG: course(status="approved")}
    result = merged(theirs, [MINE])
    assert result.conflicts == ()
    assert result.rows[LEDERDAG] == course(status="approved", title="Fælles lederdag")


def test_a_cell_that_is_emptied_is_not_there():
    before = course(note="huskes")
    result = merged(ROWS | {LEDERDAG: before}, [change(before=before, after=course())])
    assert result.rows[LEDERDAG] == course()


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        (course(title="Lederdagen"), MINE),
        ((), MINE),
        (({"id": "ny", "title": "Noget andet"},), NEW),
        (({"id": "trivsel", "title": "Trivsel og fravær"},), GONE),
        (({"name": "En Helt Tredje"},), change(SPEAKERS, before=ROWS[SPEAKERS], after=OTHER_SPEAKER)),
    ],
)
def test_what_somebody_else_has_changed_otherwise_is_a_conflict_and_stays(now, wanted):
    rows = {key: lines for key, lines in (ROWS | {wanted.key: now}).items() if lines}
    result = merged(rows, [wanted])
    assert len(result.conflicts) == 1
    assert result.rows == rows
    assert result.conflicts[0].mine == wanted.after
    assert result.conflicts[0].theirs == now


@pytest.mark.parametrize("wanted", [MINE, NEW, GONE])
def test_what_stands_there_already_is_no_conflict(wanted):
    done = merged(ROWS, [wanted]).rows
    assert merged(done, [wanted]).rows == done
    assert merged(done, [wanted]).conflicts == ()


def test_the_address_of_one_speaker_is_never_put_to_the_name_of_another():
    mine = change(SPEAKERS, before=ROWS[SPEAKERS], after=({"name": "Ekstern Taler", "email": "anden@firma.example"},))
    theirs = ROWS | {SPEAKERS: ({"name": "En Anden", "email": "taler@firma.example"},)}
    result = merged(theirs, [mine])
    assert [one.column for one in result.conflicts] == [WHOLE]
    assert result.rows[SPEAKERS] == theirs[SPEAKERS]


def test_a_new_row_comes_behind_the_one_that_it_was_put_behind():
    assert [key[1] for key in merged(ROWS, [NEW]).rows] == ["lederdag", "ny", "trivsel", "lederdag/*"]
    without = {key: lines for key, lines in ROWS.items() if key != LEDERDAG}
    assert [*merged(without, [NEW]).rows][-1] == NEW.key


@pytest.mark.parametrize("wanted", [MINE, NEW, GONE])
def test_what_is_taken_back_is_as_it_was(wanted):
    done = merged(ROWS, [wanted]).rows
    back = merged(done, taken_back([wanted]))
    assert back.rows == ROWS
    assert back.conflicts == ()


THEIRS = ROWS | {LEDERDAG: course(title="Lederdagen", note="deres")}
KEY = (*LEDERDAG, "title")


def test_a_conflict_that_goes_to_me_is_changed_from_what_stands_there():
    (settled,) = rebased(THEIRS, [MINE], {KEY: Side.MINE})
    result = merged(THEIRS, [settled])
    assert result.conflicts == ()
    assert result.rows[LEDERDAG] == course(title="Fælles lederdag", note="deres")


def test_a_conflict_that_goes_to_the_other_is_no_change_any_more():
    assert rebased(THEIRS, [MINE], {KEY: Side.THEIRS}) == ()


def test_a_conflict_that_nobody_has_chosen_stays_one():
    (settled,) = rebased(THEIRS, [MINE], {})
    assert [one.key for one in merged(THEIRS, [settled]).conflicts] == [KEY]


@pytest.mark.parametrize(("side", "left"), [(Side.MINE, ()), (Side.THEIRS, OTHER_SPEAKER)])
def test_a_whole_row_goes_to_whom_it_was_given(side, left):
    mine = change(SPEAKERS, before=ROWS[SPEAKERS], after=())
    theirs = ROWS | {SPEAKERS: OTHER_SPEAKER}
    settled = rebased(theirs, [mine], {(*SPEAKERS, WHOLE): side})
    assert merged(theirs, settled).rows.get(SPEAKERS, ()) == left
    assert merged(theirs, settled).conflicts == ()


def test_a_whole_row_that_nobody_has_chosen_stays_a_conflict():
    mine = change(SPEAKERS, before=ROWS[SPEAKERS], after=())
    assert rebased(ROWS | {SPEAKERS: OTHER_SPEAKER}, [mine], {}) == (mine,)


def test_what_is_the_same_on_both_sides_is_no_change():
    assert changes_between(ROWS, ROWS) == ()
    assert rebased(merged(ROWS, [MINE]).rows, [MINE], {}) == ()
    assert rebased(merged(ROWS, [GONE]).rows, [GONE], {}) == ()
