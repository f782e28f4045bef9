"""Whatever HR sends in whatever order, and whatever becomes of it: nobody gets an edition twice in a row, and the last one is the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bounces import BounceReason
from bot.domain.messages import DeliveryState
from bot.overview.mailed import PENDING, Series, left_behind, message_for

NOW = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
WHO = "direktoer@partner.example"
SERIES = Series(plan="norddjurs", years=(), language="da")
STEPS = st.tuples(
    st.sampled_from("abc"),
    st.sampled_from(["sent", "refused", "killed before", "killed under way", "killed after", "came back"]),
)


class _Post:
    """The books, and what the address has got; what was killed is looked up by the next command."""

    def __init__(self) -> None:
        self.books: dict[str, object] = {}
        self.gone: list[str] = []
        self.under_way: dict[str, bool] = {}

    def command(self, edition, becomes) -> None:
        kept = tuple(self.books.values())
        mine = {one.key for one in kept if SERIES.edition(one) == edition}
        self._look_up(left_behind(kept, SERIES, {WHO}, mine, now=NOW))
        message = message_for(WHO, edition, SERIES, self.books.values(), now=NOW, expires_at=NOW + timedelta(days=2))
        self.books[message.key] = message
        self._look_up(left_behind(self.books.values(), SERIES, {WHO}, {message.key}, now=NOW))
        if message.state not in PENDING:
            return
        if message.state is DeliveryState.SENDING and self.under_way[message.key]:
            self.books[message.key] = replace(message, state=DeliveryState.SENT)
        elif becomes != "killed before":
            self._send(message, becomes)

    def _send(self, message, becomes) -> None:
        state = {"refused": DeliveryState.FAILED, "sent": DeliveryState.SENT, "came back": DeliveryState.FAILED}
        error = BounceReason.OTHER.value if becomes == "came back" else ""
        self.books[message.key] = replace(message, state=state.get(becomes, DeliveryState.SENDING), error=error)
        if self.books[message.key].state is DeliveryState.SENDING:
            self.under_way[message.key] = becomes == "killed after"
        if becomes in {"sent", "killed after"}:
            self.gone.append(SERIES.edition(message))

    def _look_up(self, left) -> None:
        for message in left:
            went = message.state is DeliveryState.SENDING and self.under_way[message.key]
            self.books[message.key] = replace(message, state=DeliveryState.SENT if went else DeliveryState.EXPIRED)


@given(st.lists(STEPS, max_size=12), st.sampled_from("abc"))
def test_no_edition_goes_twice_in_a_row_and_the_last_command_is_what_the_address_has(steps, last):
    post = _Post()
    for edition, becomes in steps:
        post.command(edition, becomes)
    came_back = any(SERIES.edition(one) == last and one.error for one in post.books.values())
    for _ in range(2):
        post.command(last, "sent")
    assert all(one != other for one, other in zip(post.gone, post.gone[1:], strict=False))
    if not came_back:
        assert post.gone[-1] == last
    assert all(one.state is not DeliveryState.SENDING for one in post.books.values())
