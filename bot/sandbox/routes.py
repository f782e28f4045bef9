"""Which request goes to which part of the tenant, and what right it needs.

One table; a path in it matches whatever the letter case of its fixed parts, and `users('x')` is
`users/x`. Least application permissions: graph-facts section 12 (2026-11-22), and stronger ones that
include them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bot.sandbox import app_installs as apps
from bot.sandbox import calendar_endpoints as calendar
from bot.sandbox import directory_endpoints as directory
from bot.sandbox import feed_endpoints as feed
from bot.sandbox import file_endpoints, schedule
from bot.sandbox import meeting_endpoints as meetings
from bot.sandbox import message_endpoints as mail
from bot.sandbox import subscription_endpoints as subscriptions
from bot.sandbox.delta import read_delta
from bot.sandbox.wire import Answer, RefusedError

if TYPE_CHECKING:
    from bot.sandbox.tenant import Tenant

Handler = Callable[..., Answer | Awaitable[Answer]]


class Area(StrEnum):
    """Whose rules apply: Outlook's are for each mailbox, the first parameter of the path.

    Teams' come with the app's installation.
    """

    OUTLOOK = "outlook"
    DIRECTORY = "directory"
    FILES = "files"
    TEAMS = "teams"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row: fixed parts in lower case, None for a parameter; any of `roles` is enough."""

    parts: tuple[str | None, ...]
    handler: Handler
    area: Area
    roles: frozenset[str]


CAL_WRITE = "Calendars.ReadWrite"
CAL_READ = f"Calendars.Read {CAL_WRITE}"
CAL_BASIC = f"Calendars.ReadBasic {CAL_READ}"
DIR = "Directory.Read.All"
MEMBERS = f"GroupMember.ReadBasic.All GroupMember.Read.All Group.Read.All {DIR}"
USERS = f"User.ReadBasic.All User.Read.All {DIR}"
MAIL_WRITE = "Mail.ReadWrite"
MAIL_READ = f"Mail.ReadBasic.All Mail.Read {MAIL_WRITE}"
FILE_READ = "Files.Read.All Files.ReadWrite.All Sites.Selected Files.SelectedOperations.Selected"
APP_CATALOGUE = "AppCatalog.Read.All AppCatalog.ReadWrite.All"
APP_INSTALL = "TeamsAppInstallation.ReadWriteSelfForUser.All TeamsAppInstallation.ReadWriteForUser.All"
MEETINGS = "OnlineMeetings.Read.All OnlineMeetings.ReadWrite.All"
REPORTS = "OnlineMeetingArtifact.Read.All"
APP_READ = f"TeamsAppInstallation.ReadForUser.All {APP_INSTALL}"

TABLE: tuple[tuple[str, str, Handler, str], ...] = (
    ("GET", "users", directory.list_users, USERS),
    ("GET", "users/{}", directory.read_user, USERS),
    ("GET", "users/{}/manager", directory.read_manager, f"User.Read.All {DIR}"),
    ("GET", "groups", directory.list_groups, MEMBERS),
    ("GET", "groups/{}", directory.read_group, MEMBERS),
    ("GET", "groups/{}/members", directory.list_members, MEMBERS),
    ("GET", "groups/{}/members/graph.user", directory.list_member_users, MEMBERS),
    ("GET", "groups/{}/transitivemembers", directory.list_transitive, MEMBERS),
    ("GET", "groups/{}/transitivemembers/$count", directory.count_transitive, MEMBERS),
    ("GET", "groups/{}/transitivemembers/graph.user", directory.list_transitive_users, MEMBERS),
    ("GET", "groups/{}/transitivemembers/graph.user/$count", directory.count_transitive_users, MEMBERS),
    (
        "GET",
        "users/{}/mailboxsettings",
        directory.read_mailbox_settings,
        "MailboxSettings.Read MailboxSettings.ReadWrite",
    ),
    ("GET", "users/{}/calendar", calendar.read_calendar, CAL_BASIC),
    ("GET", "users/{}/calendarview", calendar.list_view, CAL_BASIC),
    ("GET", "users/{}/calendar/calendarview", calendar.list_view, CAL_BASIC),
    ("GET", "users/{}/calendarview/delta", read_delta, CAL_READ),
    ("GET", "users/{}/calendar/calendarview/delta", read_delta, CAL_READ),
    ("POST", "users/{}/calendar/getschedule", schedule.get_schedule, CAL_BASIC),
    ("GET", "users/{}/events", calendar.list_events, CAL_BASIC),
    ("POST", "users/{}/events", calendar.create_event, CAL_WRITE),
    ("GET", "users/{}/events/{}", calendar.read_one, CAL_BASIC),
    ("PATCH", "users/{}/events/{}", calendar.change_event, CAL_WRITE),
    ("DELETE", "users/{}/events/{}", calendar.delete_event, CAL_WRITE),
    ("POST", "users/{}/events/{}/cancel", calendar.cancel_event, CAL_WRITE),
    ("GET", "users/{}/calendar/events", calendar.list_events, CAL_BASIC),
    ("POST", "users/{}/calendar/events", calendar.create_event, CAL_WRITE),
    ("GET", "users/{}/calendar/events/{}", calendar.read_one, CAL_BASIC),
    ("PATCH", "users/{}/calendar/events/{}", calendar.change_event, CAL_WRITE),
    ("DELETE", "users/{}/calendar/events/{}", calendar.delete_event, CAL_WRITE),
    ("POST", "users/{}/calendar/events/{}/cancel", calendar.cancel_event, CAL_WRITE),
    ("POST", "users/{}/sendmail", mail.send_mail, "Mail.Send"),
    ("GET", "users/{}/messages", mail.list_messages, MAIL_READ),
    ("POST", "users/{}/messages", mail.create_message, MAIL_WRITE),
    ("GET", "users/{}/messages/{}", mail.read_message, MAIL_READ),
    ("GET", "users/{}/messages/{}/attachments", mail.list_attachments, MAIL_READ),
    ("PATCH", "users/{}/messages/{}", mail.change_message, MAIL_WRITE),
    ("DELETE", "users/{}/messages/{}", mail.delete_message, MAIL_WRITE),
    ("POST", "users/{}/messages/{}/send", mail.send_message, "Mail.Send"),
    ("GET", "users/{}/mailfolders/{}", mail.read_folder, MAIL_READ),
    ("GET", "users/{}/mailfolders/{}/messages", mail.list_folder, MAIL_READ),
    ("POST", "users/{}/teamwork/sendactivitynotification", feed.notify_one, ""),
    ("POST", "teamwork/sendactivitynotificationtorecipients", feed.notify_many, ""),
    ("GET", "appcatalogs/teamsapps", apps.list_catalogue, APP_CATALOGUE),
    ("GET", "users/{}/teamwork/installedapps", apps.list_installed, APP_READ),
    ("POST", "users/{}/teamwork/installedapps", apps.install, APP_INSTALL),
    ("GET", "users/{}/teamwork/installedapps/{}", apps.read_installed, APP_READ),
    ("GET", "users/{}/teamwork/installedapps/{}/chat", apps.read_chat, APP_READ),
    ("DELETE", "users/{}/teamwork/installedapps/{}", apps.uninstall, APP_INSTALL),
    ("GET", "users/{}/onlinemeetings", meetings.list_meetings, MEETINGS),
    ("GET", "users/{}/onlinemeetings/{}", meetings.read_meeting, MEETINGS),
    ("GET", "users/{}/onlinemeetings/{}/attendancereports", meetings.list_reports, REPORTS),
    ("GET", "users/{}/onlinemeetings/{}/attendancereports/{}", meetings.read_report, REPORTS),
    (
        "GET",
        "users/{}/onlinemeetings/{}/attendancereports/{}/attendancerecords",
        meetings.list_records,
        REPORTS,
    ),
    ("POST", "subscriptions", subscriptions.create_subscription, ""),
    ("GET", "subscriptions", subscriptions.list_subscriptions, ""),
    ("GET", "subscriptions/{}", subscriptions.read_subscription, ""),
    ("PATCH", "subscriptions/{}", subscriptions.renew_subscription, ""),
    ("DELETE", "subscriptions/{}", subscriptions.delete_subscription, ""),
    ("POST", "subscriptions/{}/reauthorize", subscriptions.reauthorize_subscription, ""),
    ("GET", "places/graph.room", schedule.list_rooms, "Place.Read.All"),
    ("GET", "places/{}/graph.room", schedule.read_room, "Place.Read.All"),
    ("GET", "shares/{}/driveitem", file_endpoints.read_shared_item, "Files.ReadWrite.All"),
    ("GET", "shares/{}/driveitem/content", file_endpoints.read_shared_content, FILE_READ),
    ("GET", "drives/{}/items/{}", file_endpoints.read_item, FILE_READ),
    ("GET", "drives/{}/items/{}/content", file_endpoints.read_content, FILE_READ),
)
_CASTS = frozenset({"user", "group", "room", "roomlist"})


def _area(path: str) -> Area:
    if "teamwork/" in path or "/onlinemeetings" in path or path.startswith("appcatalogs/"):
        return Area.TEAMS
    if path.startswith("users/{}/") and path != "users/{}/manager":
        return Area.OUTLOOK
    return Area.FILES if path.startswith(("shares", "drives")) else Area.DIRECTORY


def _build() -> dict[tuple[str, int], list[Route]]:
    out: dict[tuple[str, int], list[Route]] = defaultdict(list)
    for method, path, handler, roles in TABLE:
        parts = tuple(None if p == "{}" else p for p in path.split("/"))
        route = Route(parts=parts, handler=handler, area=_area(path), roles=frozenset(roles.split()))
        out[method, len(parts)].append(route)
    return dict(out)


_ROUTES = _build()


def split_path(path: str) -> tuple[str, ...]:
    """Return the decoded parts of a raw path after the version."""
    if "('" in path or "(%27" in path:
        path = re.sub(r"\((?:'|%27)(.*?)(?:'|%27)\)", r"/\1", path)
    out = []
    for raw in path.strip("/").split("/"):
        part = unquote(raw).removesuffix("()")
        if part.startswith("microsoft.graph."):
            name = part.removeprefix("microsoft.graph.")
            part = f"graph.{name}" if name.lower() in _CASTS else name
        out.append(part)
    return tuple(out)


def find_route(method: str, segments: tuple[str, ...]) -> tuple[Route, list[str]]:
    """Return the row of a request and its parameters. Raises RefusedError 400 or 405."""
    lower = [s.lower() for s in segments]
    for route in _ROUTES.get((method, len(segments)), ()):
        if all(p is None or p == s for p, s in zip(route.parts, lower, strict=True)):
            return route, [s for p, s in zip(route.parts, segments, strict=True) if p is None]
    for (_, count), routes in _ROUTES.items():
        if count == len(segments) and any(
            all(p is None or p == s for p, s in zip(r.parts, lower, strict=True)) for r in routes
        ):
            raise RefusedError(
                405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target."
            )
    raise RefusedError(
        400, "BadRequest", f"Resource not found for the segment '{segments[-1] if segments else ''}'."
    )


def require_role(tenant: Tenant, route: Route) -> None:
    """Refuse (403) what the app has no permission for; Outlook and the directory word it differently."""
    granted = tenant.settings.roles
    if granted is None or not route.roles or route.roles & granted:
        return
    if route.area is Area.DIRECTORY:
        raise RefusedError(
            403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
        )
    if route.area is Area.TEAMS:
        message = (
            "Missing role permissions on the request. "
            f"API requires one of '{', '.join(sorted(route.roles))}'. "
            f"Roles on the request '{', '.join(sorted(granted))}'."
        )
        raise RefusedError(403, "Forbidden", message)
    if route.area is Area.FILES:
        raise RefusedError(403, "accessDenied", "Access denied")
    raise RefusedError(403, "ErrorAccessDenied", "Access is denied. Check credentials and try again.")
