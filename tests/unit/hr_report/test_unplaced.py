"""Reports of mails that came back and can be placed nowhere: the plan's contact hears of each address once, by cause."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.bounces import BounceReason, UnplacedReturn
from bot.hr_report.troubles import unplaced
from tests.builders.report_facts import NOW


def returned(email, *, days=1, reason=BounceReason.MAILBOX_FULL):
    at = NOW - timedelta(days=days)
    return UnplacedReturn(email=email, reason=reason, received_at=at, noted_at=at)


@pytest.mark.parametrize(("since", "told"), [(None, ("anna@by.example", "bo@by.example")), (NOW - timedelta(days=3), ("anna@by.example",))])
def test_the_contact_hears_of_an_address_that_nothing_of_ours_explains(since, told):
    reports = [returned("bo@by.example", days=5), returned("anna@by.example"), returned("anna@by.example")]
    (found,) = unplaced(reports, lambda _course: True, since=since)
    assert (found.kind, found.cause, found.addresses) == ("unplaced", "bounced_mailbox_full", told)
    assert [*unplaced(reports, bool, since=since)] == [], "no course is meant, so it is the contact's"
