"""Who in a group is not invited with it, and with how many requests that is learnt."""

from __future__ import annotations

from typing import Any

import httpx

from bot.domain.people import LeftOutReason
from bot.graph.directory import GraphDirectory
from tests.unit.graph.members import GROUP, MEMBERS, page, user
from tests.unit.graph.talk import BASE, Talk

EVERYTHING = f"/groups/{GROUP}/transitiveMembers"
CLOSED, RESOURCE, NO_ADDRESS, CONTACT = LeftOutReason


def contact(identity: str, **shown: Any) -> dict[str, Any]:
    return {"@odata.type": "#microsoft.graph.orgContact", "id": identity, "displayName": None, "mail": None, **shown}


def left_out(talk: Talk, *before: str) -> list[tuple[LeftOutReason, str, str]]:
    async def scene(client: Any) -> Any:
        directory = GraphDirectory(client)
        for group in before:
            await directory.fetch_members(group)
        return await directory.fetch_left_out(GROUP)

    return [(one.reason, one.name, one.email) for one in talk.run(scene)]


def test_whoever_of_a_group_is_not_invited_is_told_with_the_reason() -> None:
    """Accounts that are closed, rooms whose accounts are open, who has no address, and contacts; neither devices nor groups."""
    talk = Talk()
    room = user("sal", givenName=None, surname=None, displayName="Sal 1")
    leaver = user("eva", accountEnabled=False)
    talk.graph.get(MEMBERS).mock(return_value=page(user("anna"), user("bo"), leaver, room, user("carl", mail=None)))
    talk.graph.get("/users/id-sal/mailboxSettings").mock(return_value=httpx.Response(200, json={"userPurpose": "room"}))
    following = f"{BASE}{EVERYTHING}?$skiptoken=a%2Bb"
    others = [{"@odata.type": f"#microsoft.graph.{kind}", "id": kind} for kind in ("user", "group", "device")]
    ole = contact("id-ole", displayName="Ole Udefra", mail="Ole@Firma.example")
    talk.graph.get(EVERYTHING).side_effect = [page(*others, ole, following=following), page(contact("id-hidden"))]
    assert left_out(talk, GROUP) == [
        (CLOSED, "Eva Prøve", "eva@kommune.example"),
        (CONTACT, "", ""),
        (CONTACT, "Ole Udefra", "ole@firma.example"),
        (NO_ADDRESS, "Carl Prøve", ""),
        (RESOURCE, "Sal 1", "sal@kommune.example"),
    ]


def test_what_was_read_of_a_group_is_not_read_again_for_those_left_out() -> None:
    talk = Talk()
    talk.graph.get(MEMBERS).mock(return_value=page(user("anna")))
    talk.graph.get(EVERYTHING).mock(return_value=page())
    assert left_out(talk, GROUP) == []
    assert talk.sent == [("GET", MEMBERS), ("GET", EVERYTHING)]
    assert "consistencylevel" not in talk.requests[1].headers, "a plain list: nothing is cast or counted"


def test_those_left_out_of_a_group_that_nobody_has_read_are_told_too() -> None:
    talk = Talk()
    talk.graph.get(MEMBERS).mock(return_value=page(user("anna", accountEnabled=False)))
    talk.graph.get(EVERYTHING).mock(return_value=page())
    assert [reason for reason, _, _ in left_out(talk)] == [CLOSED]
