"""What of a body is a notification: Microsoft's own examples, and whatever else somebody sends."""

from __future__ import annotations

import json

import pytest

from bot.domain.notifications import GraphNotice
from bot.subscriptions.reading import MOST_ITEMS, read_notices
from tests.builders.graph_talk import contract


def body(*items):
    return json.dumps({"value": list(items)}).encode()


ITEM = {"subscriptionId": "s-1", "clientState": "secret", "changeType": "created"}
NOTICE = GraphNotice(subscription="s-1", secret="secret")


def test_microsofts_examples_are_read():
    """A change and each lifecycle event, as the documentation shows them."""
    rules = contract()
    if rules is None:
        pytest.skip("the contract folder is not there")
    folder = rules.SPEC.parent / "examples"
    found = {}
    for name in ("x-change-notification-01", *(f"x-lifecycle-notification-0{number}" for number in (1, 2, 3))):
        sent = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["request"]["body"]
        (found[name],) = read_notices(json.dumps(sent).encode())
    assert [one.event for one in found.values()] == ["", "subscriptionRemoved", "missed", "reauthorizationRequired"]
    assert {one.secret for one in found.values()} == {"secretClientValue", "<secretClientState>"}


@pytest.mark.parametrize("sent", [b"", b"no", b"[]", b"7", b"null", b"{}", b'{"value": {}}', b"[" * 100_000, b"\xff", b'{"value": null}'])
def test_what_is_no_notification_is_none(sent):
    assert read_notices(sent) is None


@pytest.mark.parametrize(
    "change",
    [
        {"subscriptionId": 7},
        {"subscriptionId": ""},
        {"subscriptionId": "x" * 129},
        {"clientState": None},
        {"clientState": ""},
        {"clientState": "x" * 129},
        {"clientState": ["secret"]},
        {"lifecycleEvent": 1},
        {"lifecycleEvent": "x" * 129},
    ],
)
def test_an_item_of_another_shape_is_left_out_and_the_others_are_read(change):
    assert read_notices(body(ITEM | change, "x", None, ITEM)) == (NOTICE,)


def test_an_event_that_is_null_is_a_change():
    assert read_notices(body(ITEM | {"lifecycleEvent": None})) == (NOTICE,)


def test_of_a_long_list_only_the_beginning_is_read():
    assert len(read_notices(body(*[ITEM] * (MOST_ITEMS + 5)))) == MOST_ITEMS
