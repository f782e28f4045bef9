"""Mail through the adapter, against the simulated tenant: by every fault, each message reaches its reader once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.errors import GraphGone, GraphRefused, GraphUnclear, PermissionMissing
from bot.domain.messages import Letter
from bot.graph.mail import GraphMailbox
from tests.builders.graph_talk import ORGANISER, small_tenant
from tests.contract.stage import FATES, play

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.messages import Message
    from bot.sandbox.tenant import Tenant
    from tests.contract.stage import Stage

KEYS = tuple(f"seat_offered/lederdag/hold-1/{name}@kommune.example/20250501T080000.000000Z" for name in ("anna", "o'bø&ø"))


MAIL = Letter(to=(), reply_to="hr@kommune.example", subject="Der er en plads til dig", html="<p>Hej æøå</p>")


def act(scene: Callable[[Stage, GraphMailbox], Awaitable[None]], **more: Any) -> Tenant:
    return play(lambda stage: scene(stage, GraphMailbox(stage.client, organiser=ORGANISER)), **more)


async def draft(mailbox: GraphMailbox, key: str = KEYS[0], to: str = "anna@kommune.example") -> str:
    return await mailbox.create_draft(key, replace(MAIL, to=((to, "Anna Prøve"),)))


def messages(tenant: Tenant) -> list[Message]:
    return list(tenant.messages.messages.values())


def test_a_message_is_drafted_found_sent_and_found_again_by_the_same_id() -> None:
    """Its key finds it in Drafts and in Sent Items."""

    async def scene(stage: Stage, mailbox: GraphMailbox) -> None:
        assert await mailbox.find_draft(KEYS[0]) is None
        draft_id = await draft(mailbox)
        assert (await mailbox.find_draft(KEYS[0]), await mailbox.is_sent(draft_id)) == ((draft_id, False), False)
        assert stage.mails == []
        await mailbox.send_draft(draft_id)
        assert (await mailbox.find_draft(KEYS[0]), await mailbox.is_sent(draft_id)) == ((draft_id, True), True)
        assert stage.mails == [("message", "anna")]
        (written,) = messages(stage.tenant)
        assert written.subject == "Der er en plads til dig"
        assert "Hej æøå" in written.html
        assert [one["emailAddress"]["address"] for one in written.recipients["replyTo"]] == ["hr@kommune.example"]

    act(scene)


def test_two_keys_are_two_messages_whatever_characters_they_hold() -> None:
    """A quote in an address must not end the filter."""

    async def scene(_stage: Stage, mailbox: GraphMailbox) -> None:
        ids = [await draft(mailbox, key) for key in KEYS]
        assert len(set(ids)) == 2
        assert [await mailbox.find_draft(key) for key in KEYS] == [(draft_id, False) for draft_id in ids]
        assert await mailbox.find_draft("seat_offered") is None

    act(scene)


@pytest.mark.parametrize("fate", FATES, ids=lambda fate: "-".join(str(value) for value in fate.values()))
@pytest.mark.parametrize("key", KEYS, ids=["plain", "odd"])
@pytest.mark.parametrize("step", ["/messages$", "/send$"])
def test_whatever_happens_to_a_step_the_message_goes_out_once(fate: dict[str, Any], key: str, step: str) -> None:
    """Lost before or after, refused for a moment, throttled, signed out: one draft, one mail."""

    async def scene(stage: Stage, mailbox: GraphMailbox) -> None:
        stage.fault(method="POST", path=step, **fate)
        await mailbox.send_draft(await draft(mailbox, key))
        assert stage.mails == [("message", "anna")]
        assert len(messages(stage.tenant)) == 1

    act(scene)


def test_a_message_that_was_sent_already_is_not_sent_again() -> None:
    """The tenant finds no draft of that id any more."""

    async def scene(stage: Stage, mailbox: GraphMailbox) -> None:
        draft_id = await draft(mailbox)
        await mailbox.send_draft(draft_id)
        await mailbox.send_draft(draft_id)
        assert stage.mails == [("message", "anna")]

    act(scene)


def test_a_message_that_a_person_deleted_is_gone() -> None:
    """Nothing is made in its place."""

    async def scene(stage: Stage, mailbox: GraphMailbox) -> None:
        draft_id = await draft(mailbox)
        stage.tenant.messages.delete(messages(stage.tenant)[0])
        assert await mailbox.is_sent(draft_id) is None
        with pytest.raises(GraphGone):
            await mailbox.send_draft(draft_id)
        assert (stage.mails, messages(stage.tenant)) == ([], [])

    act(scene)


def test_an_address_that_exchange_refuses_is_told_as_a_refusal() -> None:
    async def scene(stage: Stage, mailbox: GraphMailbox) -> None:
        stage.fault(method="POST", path="/send$", status=400, code="ErrorInvalidRecipients")
        with pytest.raises(GraphRefused) as refused:
            await mailbox.send_draft(await draft(mailbox))
        assert (refused.value.status, refused.value.graph_code) == (400, "ErrorInvalidRecipients")

    act(scene)


def test_a_service_that_stays_away_leaves_it_unclear_and_the_next_run_finds_out() -> None:
    """What was sent although no answer came is known by its id, and by its key."""

    async def scene(stage: Stage, mailbox: GraphMailbox) -> None:
        draft_id = await draft(mailbox)
        stage.fault(method="POST", path="/send$", drop=True, when="after")
        stage.fault(method="GET", path="/messages", status=503, times=None)
        with pytest.raises(GraphUnclear):
            await mailbox.send_draft(draft_id)
        stage.tenant.faults.clear()
        assert await mailbox.is_sent(draft_id) is True
        assert await mailbox.find_draft(KEYS[0]) == (draft_id, True)
        assert stage.mails == [("message", "anna")]

    act(scene, patience=6)


@pytest.mark.parametrize("missing", ["Mail.ReadWrite", "Mail.Send"])
def test_a_missing_permission_is_named(missing: str) -> None:
    """Drafting takes one, sending the other."""
    tenant = small_tenant()
    tenant.settings.roles = {"Mail.ReadWrite", "Mail.Send"} - {missing}

    async def scene(_stage: Stage, mailbox: GraphMailbox) -> None:
        with pytest.raises(PermissionMissing) as told:
            await mailbox.send_draft(await draft(mailbox))
        assert told.value.params["permission"] == missing

    act(scene, tenant=tenant)


def test_many_get_one_mail_hidden_from_each_other_and_without_drafts_too() -> None:
    """One message, each recipient once; without drafts it is one request."""
    hidden = replace(MAIL, hidden=("anna@kommune.example", "bo@kommune.example"))

    async def scene(stage: Stage, mailbox: GraphMailbox) -> None:
        await mailbox.send_draft(await mailbox.create_draft(KEYS[0], hidden))
        assert sorted(stage.mails) == [("message", "anna"), ("message", "bo")]
        await mailbox.send_mail(hidden)
        assert sorted(stage.mails) == [("message", "anna"), ("message", "anna"), ("message", "bo"), ("message", "bo")]
        assert [one.recipients["toRecipients"] for one in messages(stage.tenant)] == [[], []]

    act(scene)
