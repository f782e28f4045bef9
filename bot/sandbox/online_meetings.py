"""The Teams meeting of an event: when it gets its link, and the block with it in the body.

The link is there at once, after some seconds, or never, as the settings say; who writes a body without the
block takes the meeting's link away. Facts: graph-facts sections 1 and 14 (2026-11-22).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.sandbox.content import has_join_block, join_url, rewrite, with_join_block

if TYPE_CHECKING:
    from bot.sandbox.event_input import EventInput
    from bot.sandbox.event_record import Event
    from bot.sandbox.settings import Settings


def go_online(event: Event, settings: Settings) -> None:
    """Make it a meeting in Teams; its link comes now or is waited for."""
    event.link_from = time.monotonic() + settings.teams_link_seconds
    if settings.online_meeting_link == "at_once" and not settings.teams_link_seconds:
        join(event)
    else:
        event.link_waits = True


def link_is_made(event: Event, settings: Settings) -> bool:
    """Whether Teams has the link by now."""
    return settings.online_meeting_link != "never" and time.monotonic() >= event.link_from


def join(event: Event) -> None:
    """Write the link into the event, and the block into its body where that is missing."""
    event.link_waits = False
    event.join_url = join_url(event.token)
    if not has_join_block(event.html, event.join_url):
        event.html = with_join_block(event.html, event.join_url)


def change_body(event: Event, sent: EventInput, settings: Settings) -> None:
    """The body as it is sent: one without the block ends the meeting, one that asks for it makes another."""
    if sent.body is not None:
        event.html = rewrite(*sent.body)
        if event.join_url and not has_join_block(event.html, event.join_url):
            event.join_url = None
    if sent.online and event.join_url is None and settings.teams_available:
        go_online(event, settings)
