"""What the service does and how it fares, as HR is told (pure): never whom it was about.

| the code of an error | trouble | who mends it |
|---|---|---|
| `plan_invalid`, a setting of the plan's own | the plan has mistakes | HR, on the page of the plan |
| `plan_being_written` | the file is still being saved | nobody: it is read again |
| `plan_id_twice`, `plan_was_served` | two files say that they are the same plan | HR |
| `plan_file_hangs`, any other of a plan or its file | the file cannot be read | HR, else IT |
| `waits_for_approval`, `limits_passed`, `checksum_differs` | something waits for a person | HR, on the page of changes |
| `erasure_waits` | old personal data is not let go of | HR and IT |
| of signing in, of a certificate | Microsoft 365 does not let us in | IT |
| `graph_permission_missing`, `graph_mailbox_denied`, … | a right is missing | IT |
| `bot_install_denied` | the bot may not be installed for people | IT |
| `attendance_reports_denied` | Teams' attendance reports may not be read | IT |
| `graph_no_mailbox` | the course mailbox is not there | IT |
| busy, unreachable, unanswered, unclear | Microsoft 365 is away for a while | nobody: it is tried again |
| of a group or a person | a group or a person in the plan is not found | HR |
| of the database | the database does not answer | IT |
| any other | something went wrong | nobody at first, IT where it goes on |
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.job_runs import JobOutcome

if TYPE_CHECKING:
    from datetime import datetime

    from bot.domain.job_runs import JobRun
    from bot.domain.webhooks import GivenUp


class Trouble(StrEnum):
    """By the table above; texts are `runs.trouble.<value>` and `runs.remedy.<value>`."""

    PLAN = "plan"
    PLAN_BEING_WRITTEN = "plan_being_written"
    PLAN_TWICE = "plan_twice"
    PLAN_FILE = "plan_file"
    APPROVAL = "approval"
    ERASURE = "erasure"
    SIGN_IN = "sign_in"
    PERMISSION = "permission"
    BOT_INSTALL = "bot_install"
    MEETINGS = "meetings"
    MAILBOX = "mailbox"
    MICROSOFT_AWAY = "microsoft_away"
    NOT_FOUND = "not_found"
    DATABASE = "database"
    PROGRAM = "program"
    LATE = "late"
    OTHER = "other"


EXACT = {
    "plan_invalid": Trouble.PLAN,
    "settings_invalid": Trouble.PLAN,
    "plan_being_written": Trouble.PLAN_BEING_WRITTEN,
    "plan_id_twice": Trouble.PLAN_TWICE,
    "plan_was_served": Trouble.PLAN_TWICE,
    "waits_for_approval": Trouble.APPROVAL,
    "limits_passed": Trouble.APPROVAL,
    "checksum_differs": Trouble.APPROVAL,
    "erasure_waits": Trouble.ERASURE,
    "graph_token_rejected": Trouble.SIGN_IN,
    "graph_certificate_unreadable": Trouble.SIGN_IN,
    "graph_permission_missing": Trouble.PERMISSION,
    "graph_mailbox_denied": Trouble.PERMISSION,
    "bot_install_denied": Trouble.BOT_INSTALL,
    "attendance_reports_denied": Trouble.MEETINGS,
    "graph_members_hidden": Trouble.PERMISSION,
    "graph_person_hidden": Trouble.PERMISSION,
    "graph_no_mailbox": Trouble.MAILBOX,
    "graph_throttled": Trouble.MICROSOFT_AWAY,
    "graph_unclear": Trouble.MICROSOFT_AWAY,
    "graph_unanswered": Trouble.MICROSOFT_AWAY,
    "graph_unreachable": Trouble.MICROSOFT_AWAY,
    "graph_group_not_found": Trouble.NOT_FOUND,
    "graph_group_ambiguous": Trouble.NOT_FOUND,
}
BEGINS = (
    ("graph_sign_in", Trouble.SIGN_IN),
    ("plan_", Trouble.PLAN_FILE),
    ("plans_", Trouble.PLAN_FILE),
    ("database_", Trouble.DATABASE),
)


def trouble_of(code: str) -> Trouble:
    """What the code of an error means to whoever is told, by the table above."""
    begun = (trouble for begins, trouble in BEGINS if code.startswith(begins))
    return EXACT.get(code) or next(begun, Trouble.OTHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """One kind of work for one plan.

    `last` is the latest run, `good_at` when one was last carried through, `next_at` the next by the clock
    (None: never by itself), `begun_at` since when it is under way here. `is_late`: no good one for too long.
    All UTC.
    """

    job: str
    last: JobRun | None = None
    good_at: datetime | None = None
    next_at: datetime | None = None
    begun_at: datetime | None = None
    is_late: bool = False

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong with it, None where nothing is.

        What only waits for a person is told where it waits.
        """
        if self.last is not None and self.last.outcome not in WELL:
            if self.last.outcome is JobOutcome.BROKEN:
                return Trouble.PROGRAM
            return trouble_of(self.last.error)
        return Trouble.LATE if self.is_late else None


WELL = frozenset({JobOutcome.DONE, JobOutcome.PARTLY, JobOutcome.HELD, JobOutcome.LOCKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class MailsToGo:
    """How many messages wait in a mailbox, and when they will have gone.

    `by` UTC, None where there is no room for them today; then there may be at `room_at`.
    """

    count: int = 0
    by: datetime | None = None
    room_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPlan:
    """One plan: `plan` is its id, or its file's name where it never could be read.

    `error` is the code of why it cannot be used, "" where it can. `rests`: Microsoft 365 is left alone for
    some minutes. `erasure_waits`: letting go of old personal data waits for a person. `untold`: the programs
    that calls were given up to.
    """

    plan: str
    organisation: str = ""
    timezone: str
    error: str = ""
    rests: bool = False
    erasure_waits: bool = False
    jobs: tuple[JobState, ...] = ()
    mails: MailsToGo = MailsToGo()
    untold: tuple[GivenUp, ...] = ()

    @property
    def troubles(self) -> tuple[tuple[Trouble, str], ...]:
        """What is wrong, each once, with the kind of work that it was found in ("": the plan itself)."""
        found: dict[Trouble, str] = {}
        if self.error:
            found[trouble_of(self.error)] = ""
        if self.erasure_waits:
            found[Trouble.ERASURE] = ""
        for job in self.jobs:
            if job.trouble is not None:
                found.setdefault(job.trouble, job.job)
        return tuple(found.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceState:
    """All that the process serves.

    `database` and `microsoft` are codes of errors, "" where they answer. What is told of Microsoft 365 may be
    a while old.
    """

    plans: tuple[ServedPlan, ...] = ()
    database: str = ""
    microsoft: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptExamination:
    """What `doctor` found of a plan, as the books have it.

    `at` (UTC) None: nothing yet. `findings` is JSON, `error` the code of why nothing was found, `goes_on`:
    another examination is under way.
    """

    at: datetime | None = None
    findings: str = "[]"
    error: str = ""
    goes_on: bool = False
