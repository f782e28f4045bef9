"""How calls to other programs are signed, when they are made again, and whom they may reach."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from bot.webhooks.rules import PAUSES, Taken, again_at, body_of, is_reachable, signed_headers, taken_by, target_of
from config.webhook_settings import WebhookTarget

NOW = datetime(2021, 2, 25, 17, 11, 28, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_a_signature_is_the_one_of_the_specification():
    """Known text, id, time and secret; the reference implementation gives this signature."""
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", '{"test": 2432232314}', at)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330")


@pytest.mark.parametrize(
    ("status", "taken"),
    [
        (200, Taken.YES),
        (204, Taken.YES),
        (299, Taken.YES),
        (410, Taken.NEVER),
        (0, Taken.LATER),
        (301, Taken.LATER),
        (404, Taken.LATER),
        (429, Taken.LATER),
        (500, Taken.LATER),
    ],
)
def test_what_an_answer_means(status, taken):
    """By the table."""
    assert taken_by(status) is taken


def test_pauses_grow_and_come_to_a_day():
    """Then it is given up."""
    assert list(PAUSES) == sorted(PAUSES)
    assert timedelta(hours=22) < sum(PAUSES, timedelta()) < timedelta(hours=26)
    assert again_at(1, NOW) == NOW + timedelta(seconds=5)
    assert again_at(len(PAUSES), NOW) == NOW + PAUSES[-1]
    assert again_at(len(PAUSES) + 1, NOW) is None


def test_a_body_says_what_when_and_no_more():
    """Times are UTC."""
    assert json.loads(body_of("course.changed", NOW, {"plan": "demo"})) == {
        "type": "course.changed", "timestamp": "2021-02-25T17:11:28Z", "data": {"plan": "demo"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "reachable"),
    [
        ("10.1.2.3", True), ("192.168.0.1", True), ("93.184.216.34", True),
        ("2001:4860:4860::8888", True), ("169.254.169.254", False), ("fe80::1%eth0", False),
        ("::ffff:169.254.169.254", False), ("224.0.0.1", False),
        ("::", False), ("127.0.0.1", False), ("::1", False), ("::ffff:127.0.0.1", False), ("240.0.0.1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_called(address, reachable):
    """The house's own network is; a cloud's metadata and this machine behind another name are not."""
    assert is_reachable(address, own_machine=False) is reachable
    assert is_reachable("127.0.0.1", own_machine=True)


def test_an_address_is_kept_as_a_digest():
    """It may have a key in it."""
    assert "hemmelig" not in target_of("https://a.example/hemmelig")
    assert target_of("https://a.example/1") != target_of("https://a.example/2")


@pytest.mark.parametrize(
    ("url", "secret", "good"),
    [
        ("https://a.example/x", SECRET, True), ("http://127.0.0.1:9/x", SECRET, True), ("http://a.example/x", SECRET, False),
        ("ftp://a.example", SECRET, False),
        ("https://", SECRET, False), ("https://u:p@a.example/", SECRET, False), ("https://a.example/#x", SECRET, False),
        ("https://a.example", "whsec_æ", False), ("https://a.example", "whsec_AAAA", False),
        ("https://a.example", SECRET.removeprefix("whsec_"), False),
        ("https://a.example", "whsec_" + "A" * 200, False),
    ],
)  # fmt: skip
def test_which_settings_can_be_used(url, secret, good):
    """And what is wrong is told without the secret."""
    if good:
        WebhookTarget(url=url, secret=secret)
        return
    with pytest.raises(ValidationError) as error:
        WebhookTarget(url=url, secret=secret)
    assert secret not in "".join(one["msg"] for one in error.value.errors())
