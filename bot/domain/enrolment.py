"""How people enrol in a course: what its mode, deadline and seats ask of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class EnrolmentMode(StrEnum):
    """How people get a seat."""

    INVITE = "invite"
    CHOOSE = "choose"
    SIGNUP = "signup"


class ChooseVia(StrEnum):
    """Where people choose between alternatives."""

    OUTLOOK = "outlook"
    LINK = "link"


class Unanswered(StrEnum):
    """What happens after the deadline to those who chose nothing."""

    LEAVE = "leave"
    RELEASE = "release"
    ASSIGN = "assign"


class LateAnswer(StrEnum):
    """What an answer after the deadline does."""

    ACCEPT = "accept"
    WAITLIST = "waitlist"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """How people enrol; wall times of the plan's zone."""

    mode: EnrolmentMode = EnrolmentMode.INVITE
    via: ChooseVia = ChooseVia.OUTLOOK
    opens: datetime | None = None
    deadline: datetime | None = None
    capacity: int | None = None
    waiting_list: bool = False
    waiting_list_until: datetime | None = None
    unanswered: Unanswered = Unanswered.LEAVE
    minimum: int | None = None
    late: LateAnswer = LateAnswer.ACCEPT
    handover: bool = False

    @property
    def by_link(self) -> bool:
        """Whether people of the audience are put on an event only after choosing it on their own page."""
        return self.mode is EnrolmentMode.SIGNUP or (
            self.mode is EnrolmentMode.CHOOSE and self.via is ChooseVia.LINK
        )


BY_INVITATION = Enrolment()
"""What holds where a plan says nothing of enrolment: whoever is invited answers the invitation."""
