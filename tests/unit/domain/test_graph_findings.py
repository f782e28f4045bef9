"""What is gone by of Microsoft Graph: a setting, else what was found, else the first reading."""

from __future__ import annotations

import pytest

from bot.domain.graph_findings import NOTHING_FOUND, GraphFindings, MailedByGraph, findings_of
from bot.domain.probing import ASSUMPTIONS, found

EVERYBODY = {"attendees_patch_mails": found("attendees_patch_mails", "everybody")}


@pytest.mark.parametrize(
    ("probed", "setting", "mails_everybody"),
    [
        ({}, None, False),
        (EVERYBODY, None, True),
        (EVERYBODY, MailedByGraph.CHANGED, False),
        ({}, MailedByGraph.EVERYBODY, True),
        ({"old_etag": found("old_etag", "taken")}, None, False),
    ],
)
def test_a_setting_goes_before_what_was_found_and_that_before_what_is_taken_for_granted(probed, setting, mails_everybody):
    assert findings_of(probed, attendees_patch_mails=setting).mails_everybody is mails_everybody


@pytest.mark.parametrize(("reading", "apps"), [("app", True), ("mailbox", False)])
def test_whose_the_requests_at_once_are_is_what_was_found(reading, apps):
    assert findings_of({"concurrency": found("concurrency", reading)}).requests_are_the_apps is apps


def test_what_is_gone_by_without_a_probe_is_the_first_reading_and_every_reading_is_known():
    assert tuple(MailedByGraph) == ASSUMPTIONS["attendees_patch_mails"]
    assert GraphFindings() == NOTHING_FOUND == findings_of({})
