"""What the Bot Connector's answers mean (pure).

| answer                                                     | is |
|------------------------------------------------------------|---|
| no connection was made                                     | GraphError `chat_unreachable`: nothing was said, and nobody else is reached |
| no answer, 408, 500, any 5xx but those below               | GraphUnclear: it may stand there |
| 412, 429, 502, 503, 504                                    | GraphError `chat_later`: nothing was said; Microsoft says to try again |
| 401 with a fresh token                                     | SignInFailed |
| 403 or 404 of `GONE`, any other 404                        | GraphGone: the bot is not there (any more), or what stood there is not |
| any other 403, 400, 413, any other 3xx or 4xx              | GraphRefused: the same request gets the same answer |

Codes are compared without regard to case; what Microsoft says in words is never read nor shown. After
Microsoft's table of the status codes of bots' APIs (2026-11).
"""

from __future__ import annotations

import json

from bot.domain.errors import GraphError, GraphGone, GraphRefused, GraphUnclear, SignInFailed

REQUEST_TIMEOUT, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, THROTTLED = 408, 401, 403, 404, 429
LATER = frozenset({412, THROTTLED, 502, 503, 504})
SERVER_ERROR = 500
GONE = frozenset(
    {"botnotinconversationroster", "conversationblockedbyuser", "forbiddenoperationexception",
     "messagewritesblocked", "conversationnotfound", "activitynotfoundinconversation"}
)  # fmt: skip
NO_CONNECTION, NO_ANSWER = -1, 0
LONGEST_CODE = 60


def is_said(status: int) -> bool:
    """Whether it was done."""
    return 200 <= status < 300  # noqa: PLR2004 - HTTP: 2xx


def code_of(body: bytes) -> str:
    """The error's own code, "" where the answer has none."""
    try:
        read = json.loads(body)
    except ValueError:
        return ""
    error = read.get("error") if isinstance(read, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code[:LONGEST_CODE] if isinstance(code, str) and code.isalnum() else ""


def error_of(status: int, body: bytes, *, call: str, detail: str = "") -> GraphError:
    """By the table above; `detail` is the kind of failure where there was no answer."""
    if status == NO_CONNECTION:
        return GraphError("chat_unreachable", call=call, detail=detail)
    code = code_of(body)
    if status in LATER:
        return GraphError("chat_later", status=status, graph_code=code, call=call)
    if status in {NO_ANSWER, REQUEST_TIMEOUT} or status >= SERVER_ERROR:
        return GraphUnclear("chat_unclear", status=status, graph_code=code, call=call)
    if status == UNAUTHORIZED:
        return SignInFailed("chat_sign_in_failed", status=status, graph_code=code, call=call)
    if status == NOT_FOUND or (status == FORBIDDEN and code.lower() in GONE):
        return GraphGone("chat_gone", status=status, graph_code=code, call=call)
    return GraphRefused("chat_refused", status=status, graph_code=code, call=call)
