"""Which file a revision of the plan was read from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.revisions import PlanRevision, RevisionSource


@pytest.mark.parametrize(("stamp", "file"), [("sha256:2 a", "sha256:2"), ("sha256:2 b", "sha256:2"), ("sha256:2", "sha256:2"), ("", "")])
def test_the_same_file_is_known_whatever_was_decided_of_it(stamp, file):
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert PlanRevision(plan="by", number=1, at=at, source=RevisionSource.FILE, stamp=stamp).file == file
