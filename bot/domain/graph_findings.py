"""What kursusbot goes by of Microsoft Graph, where it makes a difference to what it does (pure).

    set by hand               that
    found by a probe          that
    neither                   the first reading of the assumption (`bot.domain.probing`)

Everything else that a probe finds is told with what follows from it, and changes nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.probing import Finding


class MailedByGraph(StrEnum):
    """Whom a PATCH of the attendees alone mails.

    Those who join, leave or change, or all who are on the event.
    """

    CHANGED = "changed"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphFindings:
    """What the program goes by in this tenant."""

    attendees_patch_mails: MailedByGraph = MailedByGraph.CHANGED
    requests_are_the_apps: bool = False
    """Whether four requests at once are all that the app may make, and not four for each mailbox."""

    @property
    def mails_everybody(self) -> bool:
        """Whether everybody on an event gets a mail when somebody joins or leaves."""
        return self.attendees_patch_mails is MailedByGraph.EVERYBODY


NOTHING_FOUND = GraphFindings()


def findings_of(
    found: Mapping[str, Finding], *, attendees_patch_mails: MailedByGraph | None = None
) -> GraphFindings:
    """What somebody set, else the latest finding of each assumption, else the first reading."""
    probed = found.get("attendees_patch_mails")
    limit = found.get("concurrency")
    return GraphFindings(
        attendees_patch_mails=attendees_patch_mails
        or MailedByGraph(probed.reading if probed is not None else MailedByGraph.CHANGED),
        requests_are_the_apps=limit is not None and limit.reading == "app",
    )
