"""Teams' reports of who was in a meeting: `bot.ports.teams.MeetingReports` for real.

    the meeting      GET /users/{oid}/onlineMeetings?$filter=JoinWebUrl eq '…'    none: nothing to read, no error
    its reports      GET …/{meeting}/attendanceReports                            heads alone; 404: none yet
    one of them      GET …/{report}?$expand=attendanceRecords                     and the pages of its records

The organiser goes by the object id: these paths take nothing else. Needs OnlineMeetings.Read.All and
OnlineMeetingArtifact.Read.All, and an application access policy of Teams for the organiser, without which all
of it is 403 as well. A record is one device's; its times are missing in some, whose seconds then count from
the report's beginning. Facts: graph-facts section 10 (2026-11-22), the examples of the contract folder.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.addresses import visible
from bot.domain.attendance import LONGEST_NAME
from bot.domain.errors import GraphGone
from bot.domain.meeting_reports import ListedReport, MeetingRecord
from bot.graph.calls import Call, segment
from bot.graph.gate import TEAMS
from bot.graph.times import instant

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.graph.calls import JsonObject
    from bot.graph.client import GraphClient

MOST_PAGES = 50


class GraphMeetingReports:
    """The reports of meetings of any mailbox that the policy names."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def listed(self, mailbox: str, join_url: str) -> tuple[ListedReport, ...]:
        """The reports that there are of the mailbox's meeting behind a link, none where there is no meeting.

        Raises PermissionMissing without right or policy, MailboxMissing, GraphError.
        """
        organiser = await self._client.mailbox_id(mailbox)
        path = f"/users/{segment(organiser)}/onlineMeetings"
        quoted = join_url.replace("'", "''")
        found = [one async for one in self._pages(path, {"$filter": f"JoinWebUrl eq '{quoted}'"})]
        reports: list[ListedReport] = []
        for meeting in (str(one["id"]) for one in found if one.get("id")):
            try:
                heads = [one async for one in self._pages(f"{path}/{segment(meeting)}/attendanceReports", {})]
            except GraphGone:
                continue
            for head in heads:
                start = instant(head.get("meetingStartDateTime"))
                end = instant(head.get("meetingEndDateTime"))
                if head.get("id") and start is not None and end is not None:
                    reports.append(
                        ListedReport(
                            mailbox=mailbox, meeting=meeting, id=str(head["id"]), start=start, end=end
                        )
                    )
        return tuple(reports)

    async def read(self, report: ListedReport) -> tuple[MeetingRecord, ...]:
        """What a report has of who was there. Raises GraphGone where it is gone, and as `listed`."""
        organiser = await self._client.mailbox_id(report.mailbox)
        path = f"/users/{segment(organiser)}/onlineMeetings/{segment(report.meeting)}/attendanceReports"
        call = Call(
            method="GET",
            gate=TEAMS,
            path=f"{path}/{segment(report.id)}",
            query={"$expand": "attendanceRecords"},
        )
        body = (await self._client.send(call)).json()
        rows = [*_rows(body.get("attendanceRecords"))]
        link = body.get("attendanceRecords@odata.nextLink")
        if link:
            rows += [one async for one in self._pages("", {}, link=str(link))]
        return tuple(_record(row, report) for row in rows)

    async def _pages(
        self, path: str, query: dict[str, str], *, link: str | None = None
    ) -> AsyncIterator[JsonObject]:
        """The rows of a list, page by page."""
        for _ in range(MOST_PAGES):
            page = (
                await self._client.send(Call(method="GET", gate=TEAMS, path=path, query=query, link=link))
            ).json()
            for row in _rows(page.get("value")):
                yield row
            following = page.get("@odata.nextLink")
            if not following:
                return
            link = str(following)


def _rows(value: object) -> list[JsonObject]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _record(row: JsonObject, report: ListedReport) -> MeetingRecord:
    identity = row.get("identity")
    known = identity if isinstance(identity, dict) else {}
    times = [
        (begin, end)
        for one in _rows(row.get("attendanceIntervals"))
        if (begin := instant(one.get("joinDateTime"))) and (end := instant(one.get("leaveDateTime")))
    ]
    seconds = row.get("totalAttendanceInSeconds")
    if not times and isinstance(seconds, int) and seconds > 0:
        times = [(report.start, report.start + timedelta(seconds=seconds))]
    return MeetingRecord(
        directory_id=str(known.get("id") or "").lower(),
        email=str(row.get("emailAddress") or ""),
        name=" ".join(visible(str(known.get("displayName") or "")).split())[:LONGEST_NAME],
        times=tuple(times),
    )
