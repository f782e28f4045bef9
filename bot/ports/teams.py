"""Teams: lines in people's activity feeds, and posts in channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bot.domain.meeting_reports import ListedReport, MeetingRecord
    from bot.domain.teams import InstalledApp, Notification, PostOutcome


class Feed(Protocol):
    """People's activity feeds in Teams.

    A line that is sent again takes the place of the first. Needs TeamsActivity.Send.
    """

    async def notify(self, user_id: str, notification: Notification) -> bool:
        """Put the line into one person's feed (directory id).

        False where Teams does not reach them: nothing was told.
        """

    async def notify_all(self, user_ids: Sequence[str], notification: Notification) -> bool:
        """Hand the line in for at most a hundred people, which says nothing of the single ones.

        False: nobody was told.
        """


class ChannelPosts(Protocol):
    """Posts in Teams channels: at most once, and nothing to look up."""

    async def post(self, channel: str, card: Mapping[str, Any]) -> PostOutcome:
        """Post an Adaptive Card in the channel of this name.

        KeyError for a name that the settings do not have.
        """


class PackageBook(Protocol):
    """The packages of our app that were made last. Every method raises DatabaseFailed."""

    def version_of(self, app: str, digest: str, *, today: date) -> str:
        """The version of a package with this in it (`bot.domain.teams.package_version`), and remember it."""


class Installs(Protocol):
    """Our Teams app, installed for people. Needs TeamsAppInstallation.ReadWriteSelfForUser.All."""

    async def install(self, subject: str) -> bool:
        """Install it for somebody (directory id); False where it was there already.

        Raises GraphGone for whom Teams does not know, PermissionMissing without the right, GraphError.
        """

    async def listed(self, subject: str, *, manifest_id: str) -> InstalledApp | None:
        """Our app as somebody has it, by its id in the manifest; None where they have not.

        Raises GraphError.
        """


class MeetingReports(Protocol):
    """Teams' reports of who was in a meeting.

    Needs OnlineMeetings.Read.All, OnlineMeetingArtifact.Read.All, and Teams' policy for the organiser.
    """

    async def listed(self, mailbox: str, join_url: str) -> Sequence[ListedReport]:
        """The reports that there are of the mailbox's meeting behind a link, none where there is no meeting.

        Raises PermissionMissing without right or policy, MailboxMissing, GraphError.
        """

    async def read(self, report: ListedReport) -> Sequence[MeetingRecord]:
        """What a report has of who was there. Raises GraphGone where it is gone, and as `listed`."""
