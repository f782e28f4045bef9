"""What is gone by of Microsoft Graph: a setting, else what was found, else the first reading."""

from __future__ import annotations

import re

import pytest

from bot.domain import graph_findings
from bot.domain.graph_findings import READINGS, Belief, Mailed, findings_of

FOUND = {"attendees_patch_mails": "everybody", "upn": "differs"}


@pytest.mark.parametrize(
    ("found", "setting", "mails_everybody"),
    [
        ({}, None, False),
        (FOUND, None, True),
        (FOUND, Mailed.CHANGED, False),
        ({}, Mailed.EVERYBODY, True),
        ({"attendees_patch_mails": "sometimes"}, None, False),
    ],
)
def test_a_setting_goes_before_what_was_found_and_that_before_what_is_believed(found, setting, mails_everybody):
    assert findings_of(found, attendees_patch_mails=setting).mails_everybody is mails_everybody


def test_the_table_of_beliefs_and_readings_is_the_one_in_words():
    assert set(READINGS) == set(Belief)
    for belief, readings in READINGS.items():
        assert re.search(rf"^    {belief} +{' · '.join(readings)}( |$)", graph_findings.__doc__ or "", re.MULTILINE), belief
