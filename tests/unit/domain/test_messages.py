"""What a message is, by its key: which rounds send it is decided by that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.messages import (
    AGAIN_PREFIX,
    AT_ONCE_PREFIX,
    LIST_PREFIX,
    MISTAKE_PREFIX,
    OVERVIEW_PREFIX,
    REMINDER_PREFIX,
    REPORT_PREFIX,
    Message,
)
from bot.domain.templates import MessageKind

KINDS = ("is_reminder", "is_told_again", "is_report", "is_at_once", "is_mistake", "is_due_report", "is_paper")


@pytest.mark.parametrize(
    ("prefix", "kinds"),
    [
        (REMINDER_PREFIX, {"is_reminder"}),
        (AGAIN_PREFIX, {"is_told_again"}),
        (REPORT_PREFIX, {"is_report", "is_due_report", "is_paper"}),
        (AT_ONCE_PREFIX, {"is_report", "is_at_once", "is_paper"}),
        (MISTAKE_PREFIX, {"is_report", "is_mistake", "is_paper"}),
        (OVERVIEW_PREFIX, {"is_paper"}),
        (LIST_PREFIX, {"is_paper"}),
        ("moved/", set()),
    ],
)
def test_the_key_says_what_it_is(prefix, kinds):
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    message = Message(plan="by", key=f"{prefix}1", kind=MessageKind.HR_REPORT, course="", offering="", email="hr@by.example", created_at=at)
    assert {kind for kind in KINDS if getattr(message, kind)} == kinds
