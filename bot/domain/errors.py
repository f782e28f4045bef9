"""The one tree of errors that kursusbot raises on purpose, each with an exit code and a text code.

`code` names a text in `bot/i18n/<lang>/errors.toml`; `params` fill it in. The command line turns an
error into one Danish or English message that says what, where and what to do next, and exits with
`exit_code`. Anything that is not in this tree is a bug and ends with a traceback (exit 1).

    KursusbotError
    ├─ InputError            2  plan, settings, arguments
    │  ├─ PlanInvalid        2  carries the problems of a plan
    │  └─ DatabaseFailed     2  the database cannot be opened or migrated
    ├─ SafetyRefused         3  look and approve
    ├─ GraphError            4  Microsoft Graph or sign-in failed
    │  ├─ SignInFailed       4
    │  ├─ PermissionMissing  4
    │  ├─ GraphRefused       4  a 4xx that repeating does not help
    │  │  └─ RecipientsRejected 4  single addresses were refused; the event stands without them
    │  ├─ GraphGone          4  404: the thing is not there
    │  ├─ MailboxMissing     4  404: the mailbox is not there, which says nothing of what is in it
    │  ├─ GraphConflict      4  409, 412: changed since it was read
    │  ├─ SyncStateLost      4  410: the delta token is gone
    │  └─ GraphUnclear       4  no answer, or 5xx: it may have happened
    └─ RunLocked             5  another run holds the lock

Exit 6 (partly done) is a result of a run, not an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from bot.domain.events import ObservedEvent
    from bot.domain.problems import Problem

DONE, GRAPH_FAILED, PARTLY_DONE = 0, 4, 6
"""The exit codes of a run that raised nothing: all of it, nothing because of Graph, some of it."""


class KursusbotError(Exception):
    """Something a user or the world caused; `code` and `params` make the message."""

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


class InputError(KursusbotError):
    """Plan, settings or arguments cannot be used as they are."""

    exit_code = 2


class PlanInvalid(InputError):
    """The plan has errors; `problems` holds all of them (warnings too), in the order of the file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("plan_invalid", count=sum(1 for problem in problems if problem.is_error))
        self.problems = problems


class DatabaseFailed(InputError):
    """The database cannot be opened, read or migrated."""


class SafetyRefused(KursusbotError):
    """A change that needs a person's approval was not made."""

    exit_code = 3


class GraphError(KursusbotError):
    """Microsoft Graph or the sign-in failed.

    `status` is the HTTP status (0: no answer), `graph_code` Graph's own error code, `request_id`
    what Microsoft's support asks for, `call` method and path with addresses masked.
    """

    exit_code = 4

    def __init__(
        self,
        code: str,
        *,
        status: int = 0,
        graph_code: str = "",
        request_id: str = "",
        call: str = "",
        **params: object,
    ) -> None:
        super().__init__(
            code, status=status, graph_code=graph_code, request_id=request_id, call=call, **params
        )
        self.status = status
        self.graph_code = graph_code
        self.request_id = request_id
        self.call = call


class SignInFailed(GraphError):
    """No token, or Graph keeps answering 401."""


class PermissionMissing(GraphError):
    """403: a permission or the mailbox scope is missing; `params` name which for which call."""


class GraphRefused(GraphError):
    """A 4xx that the same request will get again."""


class RecipientsRejected(GraphRefused):
    """Graph refused single addresses: `event` stands, everybody but `addresses` is invited."""

    def __init__(self, code: str, *, addresses: tuple[str, ...], event: ObservedEvent, names: str) -> None:
        super().__init__(code, status=400, names=names)
        self.addresses = addresses
        self.event = event


class GraphGone(GraphError):
    """404: not there (or not there any more)."""


class MailboxMissing(GraphError):
    """404 about the mailbox itself: it was not found, or is no mailbox now.

    Nothing in it is gone for that.
    """


class GraphConflict(GraphError):
    """409 or 412: somebody changed it since it was read; read again and merge."""


class SyncStateLost(GraphError):
    """410 or `syncStateNotFound`: the delta token is gone, read everything anew."""


class GraphUnclear(GraphError):
    """No answer or a 5xx until the retry budget was used up: the write may or may not have happened."""


class RunLocked(KursusbotError):
    """Another run works on the same plan, or has the database that is wanted alone."""

    exit_code = 5
