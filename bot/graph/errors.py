"""Graph's refusals and lost connections as errors of the one tree, with what a person can do about them.

| status, code                                     | error |
|--------------------------------------------------|---|
| 410, or any 4xx with syncStateNotFound, syncStateInvalid, resyncRequired | SyncStateLost |
| 401                                              | SignInFailed |
| 403                                              | PermissionMissing: names the permission, or the mailbox scope |
| 404 about a mailbox (below)                      | MailboxMissing |
| any other 404                                    | GraphGone |
| 409, 412                                         | GraphConflict |
| 429 until the budget was used up                 | GraphRefused (`graph_throttled`): it did not happen |
| any other 4xx                                    | GraphRefused |
| 5xx, no answer                                   | GraphUnclear |
| no connection until the budget was used up       | GraphError (`graph_unreachable`): it did not happen |

| 404 in a mailbox                                             | is |
|--------------------------------------------------------------|---|
| `MAILBOX_CODES` among its codes                              | the mailbox's |
| ErrorItemNotFound                                            | the item's: it is gone |
| any other code or none, of a call for an item                | the item's, once the mailbox could be looked into (`look_for`) |
| any other code or none, of another call                      | the mailbox's |

Codes are compared without regard to case and may nest in `innerError` or `innererror`; messages are never
parsed nor shown (they can hold addresses). Facts: graph-facts sections 12 and 13, 2026-11-22;
graph-facts-checked F4, 2026-11-28.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from bot.domain.errors import (
    GraphConflict,
    GraphError,
    GraphGone,
    GraphRefused,
    GraphUnclear,
    MailboxMissing,
    PermissionMissing,
    SignInFailed,
    SyncStateLost,
)
from bot.graph.retry import NO_CONNECTION

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

ITEM_GONE = "erroritemnotfound"
MAILBOX_CODES = frozenset(
    {
        "errorinvaliduser", "mailboxnotenabledforrestapi", "mailboxnotsupportedforrestapi",
        "mailboxnothostedinexchangeonline",
        "resourcenotfound", "request_resourcenotfound", "errornonexistentmailbox", "mailboxnotfound",
        "errormailboxstoreunavailable",
        "errormailboxmoveinprogress", "errorinvalidmailboxitemid", "errorusernotfound",
        "errorinvalidsmtpaddress", "usernotfound",
    }
)  # fmt: skip
"""What a 404 says when it is about the mailbox, or about an id of another mailbox."""
SYNC_STATE_CODES = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})

# Method, path (first match counts) and the least application permission that the bot's use of it needs.
# Calendars.Read and not ReadBasic, because ReadBasic leaves out bodies and extended properties.
PERMISSIONS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (method, re.compile(pattern), permission)
    for method, pattern, permission in (
        ("GET", r"^/users/[^/]+/(events|calendarView|calendar|calendars)\b", "Calendars.Read"),
        ("POST", r"^/users/[^/]+/calendar/getSchedule\b", "Calendars.ReadBasic"),
        ("*", r"^/users/[^/]+/(events|calendar|calendars)\b", "Calendars.ReadWrite"),
        ("POST", r"^/users/[^/]+/(sendMail|messages/[^/]+/send)\b", "Mail.Send"),
        ("GET", r"^/users/[^/]+/(messages|mailFolders)\b", "Mail.Read"),
        ("*", r"^/users/[^/]+/(messages|mailFolders)\b", "Mail.ReadWrite"),
        ("POST", r"^(/users/[^/]+)?/teamwork/sendActivityNotification", "TeamsActivity.Send"),
        ("*", r"^/users/[^/]+/teamwork/installedApps\b", "TeamsAppInstallation.ReadWriteSelfForUser.All"),
        ("GET", r"^/users/[^/]+/onlineMeetings/[^/]+/attendanceReports\b", "OnlineMeetingArtifact.Read.All"),
        ("GET", r"^/users/[^/]+/onlineMeetings\b", "OnlineMeetings.Read.All"),
        ("GET", r"^/users/[^/]+/mailboxSettings\b", "MailboxSettings.Read"),
        ("*", r"^/subscriptions\b", "Calendars.Read"),
        ("GET", r"^/groups\b", "GroupMember.Read.All"),
        ("GET", r"^/users\b", "User.Read.All"),
        ("GET", r"^/places\b", "Place.Read.All"),
        ("GET", r"^/shares\b", "Files.Read.All"),
        ("GET", r"^/drives\b", "Files.SelectedOperations.Selected"),
    )
)
_BY_STATUS: dict[int, tuple[type[GraphError], str]] = {
    401: (SignInFailed, "graph_token_rejected"),
    404: (GraphGone, "graph_gone"),
    409: (GraphConflict, "graph_conflict"),
    412: (GraphConflict, "graph_conflict"),
    429: (GraphRefused, "graph_throttled"),
}
_MAILBOX = re.compile(r"^/users/[^/]+/.")
_OUTLOOK = re.compile(
    r"^(?P<mailbox>/users/[^/]+)/(?P<what>events|calendar|calendars|calendarView|messages|mailFolders"
    r"|sendMail|mailboxSettings)\b"
)
_ITEM = re.compile(r"^/users/[^/]+/(events|messages)/[^/]")


def permission_for(method: str, path: str) -> str:
    """The application permission that a call needs, "" when the table does not know it."""
    for wanted, pattern, permission in PERMISSIONS:
        if wanted in {method, "*"} and pattern.match(path):
            return permission
    return ""


def error_codes(content: bytes) -> tuple[str, ...]:
    """Graph's codes in an error answer, outermost first; () when there are none to read."""
    try:
        body = json.loads(content)
    except ValueError:
        return ()
    codes: list[str] = []
    at = body.get("error", body) if isinstance(body, dict) else None
    # Nobody nests deeper; a guard, not a rule.
    while isinstance(at, dict) and len(codes) < 10:  # noqa: PLR2004
        code = at.get("code")
        if isinstance(code, str) and code:
            codes.append(code)
        at = at.get("innerError") or at.get("innererror")
    return tuple(codes)


def refused(
    method: str, path: str, status: int, headers: Mapping[str, str], content: bytes, *, call: str
) -> GraphError:
    """The error for an answer of 400 or more; `path` starts after the version, `call` is masked."""
    codes = error_codes(content)
    lowered = {code.lower() for code in codes}
    # The innermost says most, but for one documented answer that repeats the status there.
    code = next((code for code in reversed(codes) if not code.isdigit()), "")
    request_id = headers.get("request-id", "")

    def error(kind: type[GraphError], text: str, **params: object) -> GraphError:
        return kind(text, status=status, graph_code=code, request_id=request_id, call=call, **params)

    if status == 410 or (status < 500 and lowered & SYNC_STATE_CODES):  # noqa: PLR2004 - HTTP
        return error(SyncStateLost, "graph_sync_state_lost")
    if status == 403:  # noqa: PLR2004 - HTTP
        outside_scope = _MAILBOX.match(path) is not None and "erroraccessdenied" in lowered
        text = "graph_mailbox_denied" if outside_scope else "graph_permission_missing"
        return error(PermissionMissing, text, permission=permission_for(method, path) or "?")
    if status == 404 and _is_about_the_mailbox(path, lowered):  # noqa: PLR2004 - HTTP
        return error(MailboxMissing, "graph_no_mailbox")
    unclear = status >= 500  # noqa: PLR2004 - HTTP
    otherwise = (GraphUnclear, "graph_unclear") if unclear else (GraphRefused, "graph_refused")
    kind, text = _BY_STATUS.get(status, otherwise)
    return error(kind, text)


def _is_about_the_mailbox(path: str, codes: AbstractSet[str]) -> bool:
    """Whether a 404 says that the mailbox is not there: by its codes (lower case), or by what was asked."""
    if not is_outlook(path):
        return False
    return not MAILBOX_CODES.isdisjoint(codes) or (ITEM_GONE not in codes and not _ITEM.match(path))


def is_outlook(path: str) -> bool:
    """Whether a call is about a mailbox; `path` starts after the version."""
    return _OUTLOOK.match(path) is not None


def look_for(path: str, graph_code: str) -> str | None:
    """Where to look whether the mailbox is there, before a 404 with this code counts as gone.

    None where the code says it.
    """
    found = _OUTLOOK.match(path) if _ITEM.match(path) and graph_code.lower() != ITEM_GONE else None
    if found is None:
        return None
    return found["mailbox"] + ("/calendar" if found["what"] == "events" else "/mailFolders/inbox/messages")


def unanswered(status: int, *, call: str, detail: str) -> GraphError:
    """The error for a call that never got an answer; `detail` is the kind of failure (`ConnectTimeout`)."""
    if status == NO_CONNECTION:
        return GraphError("graph_unreachable", call=call, detail=detail)
    return GraphUnclear("graph_unanswered", call=call, detail=detail)
