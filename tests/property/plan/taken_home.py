"""Tasks after a course by chance: what leaders are to do at home, due on a day or so long after."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from bot.domain.local_tasks import FOR_WHO_CAME, OPEN_FOR, TO, LocalTask

LENGTHS = st.integers(1, 182).map(lambda days: timedelta(days=days))


@st.composite
def tasks(draw, ids, lines, over, earlier):
    """`earlier` gives what an id was; `over` is when the course's last session ends, None where none has a date."""
    first = max(over.date() if over else date(2024, 1, 1), date(2024, 1, 1))
    days = st.integers(0, 300).map(lambda number: first + timedelta(days=number))
    due = draw(LENGTHS | days)
    latest = due if isinstance(due, date) else first + due
    identity = draw(ids)
    return LocalTask(
        id=identity,
        was=earlier(draw, identity),
        text=draw(lines),
        due=due,
        material=draw(st.sampled_from(("", "https://a.example/x?y=1#z"))),
        to=draw(st.just(FOR_WHO_CAME) | st.lists(st.sampled_from(TO), unique=True, min_size=1).map(tuple)),
        question=draw(st.just("") | lines),
        closes=draw(st.just(OPEN_FOR) | LENGTHS | st.just(latest + timedelta(days=9))),
        names=draw(st.booleans()),
    )
