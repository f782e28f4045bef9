"""How much is enough, and codes as they are printed, typed and read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.domain.certificates import (
    CODE_LENGTH,
    CODE_SIGNS,
    CertificateRule,
    Earner,
    earner_digest,
    paper_of,
    read_code,
    sessions_needed,
    written_code,
)
from tests.builders.certificates import PAPER


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        (CertificateRule.ALL, [1, 2, 3, 4, 5, 6, 10]),
        (CertificateRule.MOST, [1, 2, 3, 4, 4, 5, 8]),
        (CertificateRule.HALF, [1, 1, 2, 2, 3, 3, 5]),
        (CertificateRule.ANY, [1] * 7),
    ],
)
def test_how_many_sessions_are_enough(rule, needed):
    assert [sessions_needed(rule, number) for number in (1, 2, 3, 4, 5, 6, 10)] == needed


def test_a_code_is_read_however_it_is_typed():
    code = "7K3MQ2ZD9R4TX8WB5V10"
    assert written_code(code) == "7K3M-Q2ZD-9R4T-X8WB-5V10"
    for typed in (code, written_code(code), written_code(code).lower(), " 7k3m q2zd\t9r4t x8wb 5vIo ", "7K3M-Q2ZD-9R4T-X8WB-5VLO"):
        assert read_code(typed) == code


@pytest.mark.parametrize("typed", ["", "7K3M", "7K3MQ2ZD9R4TX8WB5V1U", "Å" * CODE_LENGTH, "7" * 21, "'; drop table", "7" * 10_000])
def test_what_can_be_no_code_is_none(typed):
    assert read_code(typed) is None


def test_no_sign_of_a_code_is_taken_for_another():
    assert len(set(CODE_SIGNS)) == 32
    assert not set("ILOU") & set(CODE_SIGNS)


def test_a_paper_is_kept_and_read_back_as_it_was():
    assert paper_of(json.loads(json.dumps(PAPER.kept))) == PAPER


def test_what_was_shown_is_another_thing_when_anybody_came_to_more():
    earner = Earner(course="a", offering="main", email="a@by.example", came=("dag-1",), of=2)
    assert earner_digest([earner]) == earner_digest([earner])
    assert earner_digest([earner]) != earner_digest([replace(earner, came=("dag-1", "dag-2"))])
