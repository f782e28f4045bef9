"""Which message an address is to get of an edition: each edition once, and again once another one has gone in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.bounces import BounceReason
from bot.domain.messages import NO_RECEIPT, DeliveryState, Message
from bot.domain.templates import MessageKind
from bot.overview.mailed import Series, left_behind, message_for

NOW = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(days=2)
WHO = "direktoer@partner.example"
SERIES = Series(plan="norddjurs", years=(2025,), language="da")
SENT, SENDING, DUE = DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.DUE
FAILED, EXPIRED = DeliveryState.FAILED, DeliveryState.EXPIRED


def had(number, edition, state=SENT, error="", *, email=WHO, series=SERIES, **more):
    given = {"plan": "norddjurs", "kind": MessageKind.OVERVIEW, "course": "", "offering": "", "created_at": NOW, "expires_at": UNTIL}
    key = series.key(number, edition, email)
    return Message(**{**given, **more}, key=key, email=email, state=state, error=error)


def wanted(edition, *kept):
    return message_for(WHO, edition, SERIES, kept, now=NOW, expires_at=UNTIL)


BOUNCED = BounceReason.MAILBOX_FULL.value
HISTORIES = {
    "nothing yet": ([], 1, DUE),
    "it had it": ([had(1, "a")], 1, SENT),
    "it had another one": ([had(1, "b")], 2, DUE),
    "back to what it had before": ([had(1, "a"), had(2, "b")], 3, DUE),
    "and again": ([had(1, "a"), had(2, "b"), had(3, "a"), had(4, "c")], 5, DUE),
    "once": ([had(1, "a"), had(2, "b"), had(3, "a")], 3, SENT),
    "another one was refused, so it is still the last": ([had(1, "a"), had(2, "b", FAILED, "graph_refused")], 1, SENT),
    "another one was overtaken": ([had(1, "a"), had(2, "b", EXPIRED)], 1, SENT),
    "another one came back": ([had(1, "a"), had(2, "b", FAILED, BOUNCED)], 1, SENT),
    "another one may have gone": ([had(1, "a"), had(2, "b", SENDING, NO_RECEIPT)], 3, DUE),
    "another one waits and never began": ([had(1, "a"), had(2, "b", DUE)], 1, SENT),
    "it is under way": ([had(1, "b"), had(2, "a", SENDING)], 2, SENDING),
    "it may have gone": ([had(1, "a", SENDING, NO_RECEIPT)], 1, SENDING),
    "it came back": ([had(1, "a", FAILED, BOUNCED)], 1, FAILED),
    "it came back, and the next one did not": ([had(1, "a", FAILED, BOUNCED), had(2, "b")], 3, DUE),
    "it was refused": ([had(1, "a", FAILED, "graph_refused")], 1, DUE),
    "it expired before it went": ([had(1, "b"), had(2, "a", EXPIRED)], 2, DUE),
    "it expired, and another one went": ([had(1, "a", EXPIRED), had(2, "b")], 3, DUE),
    "more than nine": ([had(9, "a"), had(10, "b")], 11, DUE),
}


@pytest.mark.parametrize(("kept", "number", "state"), HISTORIES.values(), ids=HISTORIES)
def test_an_edition_goes_where_another_one_was_the_last(kept, number, state):
    found = wanted("a", *reversed(kept))
    assert (SERIES.number(found), SERIES.edition(found), found.state, found.expires_at) == (number, "a", state, UNTIL)


def test_what_goes_from_the_beginning_has_nothing_of_the_first_attempt():
    found = wanted("a", had(1, "a", FAILED, "graph_refused", draft_id="AAMk", sent_as="k", ended_at=NOW))
    assert (found.draft_id, found.sent_as, found.error, found.ended_at) == (None, "", "", None)


def test_other_addresses_years_and_languages_say_nothing_of_it():
    others = [Series(plan="norddjurs", years=years, language=language) for years, language in (((2024,), "da"), ((2025,), "en"))]
    kept = [had(1, "a", email="chef@partner.example"), *(had(1, "a", series=other) for other in others)]
    assert (wanted("a", *kept).state, SERIES.number(wanted("a", *kept))) == (DUE, 1)


def test_a_list_of_participants_is_a_series_of_its_own():
    """One of another course, or the overview, says nothing of it."""
    of_a_course = replace(SERIES, course="k")
    assert of_a_course.stem not in {SERIES.stem, replace(SERIES, course="l").stem}
    assert of_a_course.kind is MessageKind.PARTICIPANTS


def test_left_behind_is_what_another_edition_took_the_place_of_and_what_has_had_its_time():
    ahead, over = {"expires_at": UNTIL}, {"expires_at": NOW}
    other = Series(plan="norddjurs", years=(), language="da")
    kept = [
        had(1, "a", DUE, **ahead),
        had(2, "b", SENDING, **ahead),
        had(3, "c", DUE, **ahead),
        had(4, "d", SENT, **over),
        had(1, "a", DUE, email="chef@partner.example", **ahead),
        had(2, "b", DUE, email="chef@partner.example", **over),
        had(1, "a", SENDING, series=other, **ahead),
        had(2, "b", DUE, series=other, **over),
        had(3, "b", DUE, series=other, expires_at=None),
    ]
    found = left_behind(kept, SERIES, {WHO}, {kept[2].key}, now=NOW)
    assert [one.key for one in found] == [kept[at].key for at in (0, 1, 5, 7)]
    assert {one.expires_at for one in found} == {NOW}
