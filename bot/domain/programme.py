"""What people meet on a course: who speaks, where it is, and what there is to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody who speaks; with an address, an optional attendee of the course's sessions."""

    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue:
    """A place; `room` is the address of a room mailbox, booked as a resource."""

    name: str = ""
    address: str = ""
    room: str | None = None

    @property
    def label(self) -> str:
        """Name and address on one line, as far as they are known."""
        return ", ".join(part for part in (self.name, self.address) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Something to read, behind an https link."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceRules:
    """How it is found out who came.

    `self_check_in`: people may say so themselves, with a code. `threshold_minutes`: Teams' reports of online
    sessions are read, and who was there for so long has come; None leaves both to the settings.
    """

    self_check_in: bool = False
    threshold_minutes: int | None = None


NO_RULES = AttendanceRules()
