"""Teams meetings as Graph shows them, and the reports of who was in them.

    GET /users/{id}/onlineMeetings?$filter=JoinWebUrl eq '…'       the organiser's own, by its link
    GET …/onlineMeetings/{which}                                   one of them
    GET …/{which}/attendanceReports                                one for each time it was held, without records
    GET …/attendanceReports/{report}                               `$expand=attendanceRecords`
    GET …/attendanceReports/{report}/attendanceRecords             the same, in pages

An app needs a right for meetings, another for reports, and a policy for the organiser, whose object id is all
that the path takes. A report is there some time after the meeting (`attendance_report_seconds`), and not when
the session was to end but when the last one left. Guests and phones have no address and no id. Facts:
graph-facts section 10 (2026-11-22), the examples of the contract folder; what a list says while there is no
report, and how records are paged, is not documented: empty or 404, and a link beside what is expanded.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.sandbox.calendar_endpoints import next_link
from bot.sandbox.meetings import Held, Present
from bot.sandbox.odata import parse_filter
from bot.sandbox.wire import Answer, GraphRequest, JsonObject, RefusedError, bad_request
from bot.sandbox.zones import write_instant

if TYPE_CHECKING:
    from bot.sandbox.event_record import Event
    from bot.sandbox.tenant import Tenant

CONTEXT = "https://graph.microsoft.com/v1.0/$metadata#users"


def list_meetings(tenant: Tenant, request: GraphRequest, who: str) -> Answer:
    """GET onlineMeetings, by the link and nothing else."""
    text = request.query.get("$filter", "")
    if "joinweburl" not in text.lower():
        raise bad_request("The filter has to name a JoinWebUrl.", "InvalidArgument")
    holds = parse_filter(text, lambda head: head == "JoinWebUrl")
    mine = _online(tenant, who) if tenant.settings.meeting_found_by_link else _online(tenant, who)[:0]
    found = [_meeting(event) for event in mine if holds({"JoinWebUrl": event.join_url}.get)]
    return Answer(status=200, body={"@odata.context": f"{CONTEXT}('{who}')/onlineMeetings", "value": found})


def read_meeting(tenant: Tenant, _request: GraphRequest, who: str, which: str) -> Answer:
    """GET one meeting."""
    return Answer(status=200, body=_meeting(_found(tenant, who, which)))


def list_reports(tenant: Tenant, _request: GraphRequest, who: str, which: str) -> Answer:
    """GET attendanceReports."""
    event = _found(tenant, who, which)
    reports = [_report(one) | {"attendanceRecords": []} for one in _ready(tenant, event)]
    if not reports and tenant.settings.no_report_is_404:
        raise RefusedError(404, "NotFound", "No attendance report was found for this meeting.")
    context = f"{CONTEXT}('{who}')/onlineMeetings('{which}')/attendanceReports"
    return Answer(status=200, body={"@odata.context": context, "value": reports})


def read_report(tenant: Tenant, request: GraphRequest, who: str, which: str, report: str) -> Answer:
    """GET one report; its records where they are asked for."""
    held = _found_report(tenant, who, which, report)
    expanded = request.query.get("$expand", "")
    if expanded not in {"", "attendanceRecords"}:
        raise bad_request(f"Parsing OData Select and Expand failed: '{expanded}'.", "BadRequest")
    body = _report(held)
    if expanded:
        top = tenant.settings.attendance_records_at_once
        body["attendanceRecords"] = [_record(one) for one in held.present[:top]]
        if len(held.present) > top:
            own = f"{request.base_url}{request.path}/attendanceRecords"
            body["attendanceRecords@odata.nextLink"] = f"{own}?$skip={top}"
    return Answer(status=200, body=body)


def list_records(tenant: Tenant, request: GraphRequest, who: str, which: str, report: str) -> Answer:
    """GET the records of a report, page by page."""
    held = _found_report(tenant, who, which, report)
    skip, top = int(request.query.get("$skip", "0")), tenant.settings.attendance_records_at_once
    out: JsonObject = {"value": [_record(one) for one in held.present[skip : skip + top]]}
    if len(held.present) > skip + top:
        out["@odata.nextLink"] = next_link(request, "$skip", str(skip + top))
    return Answer(status=200, body=out)


def hold_meeting(tenant: Tenant, event: Event, body: JsonObject) -> Held:
    """An event's meeting is held: `start`, `end`, and `people`, each with `person` or `name`, and `times`.

    Raises ValueError where the event has no meeting or somebody is not in the directory.
    """
    if event.join_url is None:
        raise ValueError("the event has no meeting in Teams")
    start, end = (_moment(body[name]) for name in ("start", "end"))
    present: list[Present] = []
    for one in body.get("people", ()):
        user = tenant.directory.find_user(str(one["person"])) if one.get("person") else None
        if user is None and one.get("person"):
            raise ValueError(f"there is no user {one['person']}")
        times = tuple((_moment(begin), _moment(over)) for begin, over in one.get("times", ()))
        present.append(
            Present(
                user_id=user.id if user else "",
                address=str(one.get("email") or (user.mail if user else "") or ""),
                name=str(one.get("name") or (user.display_name if user else "")),
                times=times or ((start, end),),
            )
        )
    held = Held(join_url=event.join_url, start=start, end=end, present=tuple(present))
    tenant.meetings.held.append(held)
    return held


def _moment(text: object) -> datetime:
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError("a time needs an offset")
    return moment.astimezone(UTC)


def _online(tenant: Tenant, who: str) -> list[Event]:
    """The meetings of an organiser. Raises RefusedError 404 for nobody, 403 without the policy."""
    user = tenant.directory.users.get(who)
    if user is None:
        raise RefusedError(404, "NotFound", f"User '{who}' was not found.")
    if not tenant.settings.meeting_policy:
        raise RefusedError(403, "Forbidden", "No application access policy found for this app.")
    return [one for one in tenant.calendars.events.values() if one.mailbox_id == user.id and one.join_url]


def _found(tenant: Tenant, who: str, which: str) -> Event:
    for event in _online(tenant, who):
        if _id(event) == which:
            return event
    raise RefusedError(404, "NotFound", "The meeting was not found.")


def _ready(tenant: Tenant, event: Event) -> list[Held]:
    """The reports of its meeting that are there by now, the latest first."""
    late, now = timedelta(seconds=tenant.settings.attendance_report_seconds), tenant.clock.now()
    mine = [one for one in tenant.meetings.held if one.join_url == event.join_url and one.end + late <= now]
    return sorted(mine, key=lambda one: one.start, reverse=True)


def _found_report(tenant: Tenant, who: str, which: str, report: str) -> Held:
    for held in _ready(tenant, _found(tenant, who, which)):
        if held.id == report:
            return held
    raise RefusedError(404, "NotFound", "The attendance report was not found.")


def _id(event: Event) -> str:
    return b64encode(f"1*{event.mailbox_id}*0**{event.join_url}".encode()).decode().rstrip("=")


def _meeting(event: Event) -> JsonObject:
    return {
        "id": _id(event),
        "startDateTime": write_instant(event.start.utc),
        "endDateTime": write_instant(event.end.utc),
        "joinWebUrl": event.join_url,
        "subject": event.subject,
    }


def _report(held: Held) -> JsonObject:
    return {
        "id": held.id,
        "totalParticipantCount": len(held.present),
        "meetingStartDateTime": write_instant(held.start),
        "meetingEndDateTime": write_instant(held.end),
    }


def _record(one: Present) -> JsonObject:
    seconds = [int((end - begin).total_seconds()) for begin, end in one.times]
    return {
        "emailAddress": one.address or None,
        "totalAttendanceInSeconds": sum(seconds),
        "role": "Attendee",
        "identity": {"id": one.user_id or None, "displayName": one.name, "tenantId": None},
        "attendanceIntervals": [
            {
                "joinDateTime": write_instant(begin),
                "leaveDateTime": write_instant(end),
                "durationInSeconds": length,
            }
            for (begin, end), length in zip(one.times, seconds, strict=True)
        ],
    }
