"""What `doctor` found last, as the books keep it for every process, and back (pure)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.desks.doctor.findings import DoctorFinding, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.domain.service_state import KeptExamination

Plain = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LastExamination:
    """What was found, when (UTC, None: nothing yet), and the code of why nothing was.

    `goes_on`: another one is under way.
    """

    at: datetime | None = None
    findings: tuple[DoctorFinding, ...] = ()
    error: str = ""
    goes_on: bool = False

    @property
    def failed(self) -> int:
        """How many checks failed."""
        return sum(one.state is State.FAILED for one in self.findings)


def last_examination(kept: KeptExamination | None) -> LastExamination:
    """As the books have it."""
    if kept is None:
        return LastExamination()
    return LastExamination(
        at=kept.at, findings=read_findings(kept.findings), error=kept.error, goes_on=kept.goes_on
    )


def kept_findings(findings: Iterable[DoctorFinding]) -> str:
    """As JSON; what stands in a sentence and is neither number nor word is kept as it is written."""
    rows = [
        {
            "name": one.name, "state": one.state.value, "message": one.message, "params": _plain(one.params),
            "subject": one.subject, "exit_code": one.exit_code,
            "further": [[code, _plain(params)] for code, params in one.further],
        }
        for one in findings
    ]  # fmt: skip
    return json.dumps(rows, ensure_ascii=False)


def read_findings(kept: str) -> tuple[DoctorFinding, ...]:
    """Those that were kept; what another version wrote and this one does not know is none of them."""
    return tuple(_finding(row) for row in json.loads(kept) if row.get("state") in {*State})


def _finding(row: Mapping[str, Any]) -> DoctorFinding:
    return DoctorFinding(
        name=row["name"],
        state=State(row["state"]),
        message=row["message"],
        params=row["params"],
        subject=row["subject"],
        exit_code=row["exit_code"],
        further=tuple((code, params) for code, params in row["further"]),
    )


def _plain(params: Mapping[str, object]) -> dict[str, Plain]:
    return {name: one if isinstance(one, Plain) else str(one) for name, one in params.items()}
