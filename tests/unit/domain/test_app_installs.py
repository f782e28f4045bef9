"""For whom the app is to be installed now: each once, never for who took it away, and for nobody on a day without the right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.app_installs import (
    A_TRY_LASTS,
    MOST_IN_A_ROUND,
    NOWHERE_LASTS,
    AppInstall,
    InstallState,
    due_for_install,
    is_denied_today,
    is_of_a_try,
)
from bot.domain.people import Person

NOW = datetime(2027, 1, 5, 9, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Copenhagen")
ANNA, BO, CARL = (Person(email=f"{name}@by.example", directory_id=name) for name in ("anna", "bo", "carl"))
S = InstallState


def known(state: InstallState, *people: Person, at: datetime = NOW - timedelta(hours=1)) -> dict[str, AppInstall]:
    return {
        one.directory_id: AppInstall(subject=one.directory_id, email=one.email, state=state, at=at) for one in people if one.directory_id
    }


def due(*people: Person, of: dict[str, AppInstall] | None = None, chats: tuple[str, ...] = ()) -> list[str]:
    return [one.email.partition("@")[0] for one in due_for_install(people, of or {}, chats, now=NOW, zone=ZONE)]


def test_everybody_of_whom_nothing_is_known_is_due_once_and_by_name() -> None:
    assert due(CARL, BO, ANNA, BO) == ["anna", "bo", "carl"]
    assert due(Person(email="udefra@x.example"), ANNA) == ["anna"]


def test_who_has_a_chat_or_the_app_or_took_it_away_is_never_due() -> None:
    assert due(ANNA, BO, CARL, of=known(S.THERE, BO) | known(S.GONE, CARL, at=NOW - timedelta(days=3000)), chats=("anna",)) == []


def test_who_was_asked_comes_first_and_who_was_denied_on_another_day_last() -> None:
    yesterday = NOW - timedelta(days=1)
    assert due(ANNA, BO, CARL, of=known(S.ASKED, CARL) | known(S.DENIED, ANNA, at=yesterday)) == ["carl", "bo", "anna"]


def test_who_was_nowhere_is_due_after_a_month() -> None:
    assert due(ANNA, of=known(S.NOWHERE, ANNA)) == []
    assert due(ANNA, BO, of=known(S.NOWHERE, ANNA, at=NOW - NOWHERE_LASTS)) == ["bo", "anna"]


@pytest.mark.parametrize(("at", "is_today"), [
    (datetime(2027, 1, 4, 23, tzinfo=UTC), True),
    (datetime(2027, 1, 4, 22, 59, tzinfo=UTC), False),
])  # fmt: skip
def test_the_right_that_is_missing_ends_the_day_of_the_plan(at: datetime, is_today: bool) -> None:
    missing = known(S.DENIED, ANNA, at=at)
    assert is_denied_today(missing.values(), now=NOW, zone=ZONE) is is_today
    assert due(ANNA, BO, of=missing) == ([] if is_today else ["bo", "anna"])


def test_no_more_go_in_one_round_than_a_mistake_may_reach() -> None:
    crowd = [Person(email=f"{number:03}@by.example", directory_id=f"{number}") for number in range(60)]
    assert due(*crowd) == [f"{number:03}" for number in range(MOST_IN_A_ROUND)]


def test_whom_a_probe_tried_it_for_is_due_like_anybody_and_a_chat_of_that_hour_is_the_probes() -> None:
    tried = known(S.TRIED, ANNA, at=NOW)
    assert due(ANNA, BO, of=tried) == ["anna", "bo"]
    assert is_of_a_try(tried["anna"], NOW)
    assert not is_of_a_try(tried["anna"], NOW - timedelta(seconds=1))
    assert not is_of_a_try(tried["anna"], NOW + A_TRY_LASTS)
    assert not is_of_a_try(known(S.THERE, ANNA, at=NOW)["anna"], NOW)
    assert not is_of_a_try(None, NOW)
