"""What Teams brings, read: who did what where, and what is refused."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversations import ConversationKind, PressVerb
from bot.teams.activities import Deed, read_activity
from bot.teams.proof import NotTeams
from tests.builders.activities import ADDRESS, ANNA, APP, BASE, TENANT


def read(body):
    return read_activity(body, app_id=APP, tenant_id=TENANT, address=ADDRESS)


def changed(**parts):
    return copy.deepcopy(BASE) | parts


def test_a_line_is_read_with_who_wrote_it_where():
    came = read(BASE)
    assert (came.deed, came.line, came.subject, came.conversation) == (Deed.WROTE, "mine kurser", ANNA, "a:1")
    assert came.kind is ConversationKind.PERSONAL
    assert not came.waits


@pytest.mark.parametrize(
    "wrong",
    [
        {"serviceUrl": "https://elsewhere.example"},
        {"channelData": {"tenant": {"id": APP}}},
        {"conversation": BASE["conversation"] | {"tenantId": APP}},
        {"channelData": {}, "conversation": {"id": "a:1", "conversationType": "personal"}},
        {"from": {"id": "29:x"}},
        {"from": {"aadObjectId": "anna@by.example"}},
        {"conversation": {"conversationType": "personal", "tenantId": TENANT}},
        {"id": ""},
        {"from": None},
    ],
    ids=["address", "tenant", "other tenant", "no tenant", "nobody", "no id of a person", "no conversation", "no activity", "null"],
)
def test_what_is_not_for_us_is_refused(wrong):
    with pytest.raises(NotTeams):
        read(changed(**wrong))


@pytest.mark.parametrize(
    ("parts", "deed"),
    [
        ({"value": {"verb": "mine"}}, Deed.PRESSED),
        ({"value": {"verb": "rm -rf"}}, Deed.NOTHING),
        ({"type": "invoke", "name": "adaptiveCard/action", "value": {"action": {"verb": "course", "data": {}}}}, Deed.PRESSED),
        ({"type": "invoke", "name": "adaptiveCard/action", "value": []}, Deed.NOTHING),
        ({"type": "invoke", "name": "composeExtension/query", "value": {"parameters": [{"name": "words", "value": "x"}]}}, Deed.SEARCHED),
        ({"type": "installationUpdate", "action": "add"}, Deed.BOT_CAME),
        ({"type": "installationUpdate", "action": "remove-upgrade"}, Deed.BOT_WENT),
        ({"type": "conversationUpdate", "membersAdded": [{"id": f"28:{APP}"}]}, Deed.BOT_CAME),
        ({"type": "conversationUpdate", "membersRemoved": [{"id": f"28:{APP}"}]}, Deed.BOT_WENT),
        ({"type": "conversationUpdate", "membersAdded": [{"id": "29:somebody"}]}, Deed.NOTHING),
        ({"type": "typing"}, Deed.NOTHING),
        ({"type": ["message"]}, Deed.NOTHING),
    ],
)
def test_each_line_of_the_table(parts, deed):
    assert read(changed(**parts)).deed is deed


def test_what_a_client_asks_by_itself_is_no_press():
    value = {"action": {"verb": "decide", "data": {"plan": "by", "kind": "choose"}}, "trigger": "automatic"}
    came = read(changed(type="invoke", name="adaptiveCard/action", value=value))
    assert came.press.verb is PressVerb.DECIDE
    assert came.press.is_refresh


def test_a_search_before_anything_is_typed_is_for_all():
    value = {"parameters": [{"name": "initialRun", "value": "true"}]}
    assert read(changed(type="invoke", name="composeExtension/query", value=value)).line == ""


def test_a_channel_is_called_as_teams_calls_it():
    data = {"tenant": {"id": TENANT}, "team": {"id": "19:x", "name": "Ledere"}, "channel": {"id": "19:x"}}
    talk = {"id": "19:x", "conversationType": "channel", "tenantId": TENANT}
    assert read(changed(conversation=talk, channelData=data)).channel == "Ledere"
    named = data | {"channel": {"id": "19:x", "name": "Kurser"}}
    assert read(changed(conversation=talk, channelData=named)).channel == "Kurser"


KEYS = [*BASE, "action", "data", "verb", "name", "value"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@given(ANYTHING, st.sampled_from(sorted(BASE)), ANYTHING)
def test_whatever_comes_is_read_or_refused(body, name, part):
    for one in (body, changed(**{name: part})):
        try:
            read(one)
        except NotTeams:
            continue


def in_team(**data):
    told = {"tenant": {"id": TENANT}, "team": {"id": "19:team", "name": "Ledelse"}, **data}
    talk = {"id": "19:team", "conversationType": "channel", "tenantId": TENANT}
    return read(changed(type="conversationUpdate", conversation=talk, channelData=told))


def test_a_chosen_channel_of_which_teams_gives_the_id_alone_has_no_name_yet():
    came = in_team(settings={"selectedChannel": {"id": "19:kurser"}})
    assert (came.conversation, came.channel, came.team) == ("19:kurser", "", "19:team")


@pytest.mark.parametrize(
    ("event", "deed"),
    [
        ("channelCreated", Deed.CHANNEL_CAME),
        ("channelRenamed", Deed.CHANNEL_CAME),
        ("channelRestored", Deed.CHANNEL_CAME),
        ("channelDeleted", Deed.CHANNEL_WENT),
    ],
)
def test_what_becomes_of_a_channel_is_told_in_its_teams_first_one(event, deed):
    came = in_team(eventType=event, channel={"id": "19:kurser", "name": "Kurser"})
    assert (came.deed, came.conversation, came.channel, came.team) == (deed, "19:kurser", "Kurser", "19:team")
