"""Tasks after a course by chance: what leaders are to do at home, due on a day or so long after."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st

from bot.domain.local_tasks import FOR_WHO_CAME, OPEN_FOR, TO, LocalTask

MATERIALS = st.sampled_from(("", "https://a.example/x?y=1#z"))
READERS = st.just(FOR_WHO_CAME) | st.lists(st.sampled_from(TO), unique=True, min_size=1).map(tuple)
NUMBERS, FLAGS = st.integers(0, 300), st.booleans()
LENGTHS = st.integers(1, 182).map(lambda days: timedelta(days=days))


@cache
def _maybe(lines):
    return st.just("") | lines


@st.composite
def tasks(draw, ids, lines, over, earlier):
    """`earlier` gives what an id was; `over` is when the course's last session ends, None where none has a date."""
    first = max(over.date() if over else date(2024, 1, 1), date(2024, 1, 1))
    due = draw(LENGTHS | NUMBERS)
    due = first + timedelta(days=due) if isinstance(due, int) else due
    latest = due if isinstance(due, date) else first + due
    identity = draw(ids)
    return LocalTask(
        id=identity,
        was=earlier(draw, identity),
        text=draw(lines),
        due=due,
        material=draw(MATERIALS),
        to=draw(READERS),
        question=draw(_maybe(lines)),
        closes=draw(st.just(OPEN_FOR) | LENGTHS | st.just(latest + timedelta(days=9))),
        names=draw(FLAGS),
    )
