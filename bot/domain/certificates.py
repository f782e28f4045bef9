"""Certificates of courses, as data: who has earned one, what stands on it, and its code (pure).

Of the sessions of an offering that were somebody's, so many they have to have come to:

| `certificate` | in Excel | came to |
|---|---|---|
| all | alle gange | each of them |
| most | mindst 80 % | four of five, rounded up |
| half | mindst halvdelen | half of them, rounded up |
| any | mindst én gang | one |
| not there | – | nobody gets one |

A session that nobody has said anything of is one that they did not come to: the list has to be ticked first.
Nobody has earned one before the last session of their offering is over.

Whether a certificate holds, when somebody asks by its code:

| the books | holds |
|---|---|
| have no such code | no |
| have let go of whose it is (its time is up, or the person was erased) | yes |
| say that the person came to as many sessions as stand on it | yes |
| say fewer: HR has taken back that they came | no |

A name that is written otherwise by now makes no paper wrong; HR may make it out anew. Then there is another
code, and the books have the earlier one no more: it does not hold.

Letting go of people takes nothing from a paper that somebody has. What the plan says later, of the rule or of
its sessions, makes no difference to what HR has approved.

A code has 20 letters and digits of 32 (100 bits), by chance. None of them is easily taken for another, and
what is typed for one of those is read as meant: `I` and `L` as 1, `O` as 0, whatever the case, blanks and
hyphens.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

CODE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 20
SIGNS_TOGETHER = 4
LONGEST_TYPED_CODE = 60
"""Characters that are looked at of what somebody types."""
_TAKEN_FOR = str.maketrans({"I": "1", "L": "1", "O": "0"})
CERTIFICATE_PREFIX = "certificate/"
"""What the keys of the mails begin with that tell people of theirs."""


class CertificateRule(StrEnum):
    """To how much somebody has to have come, by the first table above."""

    ALL = "all"
    MOST = "most"
    HALF = "half"
    ANY = "any"


def sessions_needed(rule: CertificateRule, sessions: int) -> int:
    """To how many of so many sessions (one at least) somebody has to have come."""
    match rule:
        case CertificateRule.ALL:
            return sessions
        case CertificateRule.MOST:
            return -(-sessions * 4 // 5)
        case CertificateRule.HALF:
            return -(-sessions // 2)
        case _:
            return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Earner:
    """Somebody who has earned one.

    `came` are the ids of the sessions they came to, `of` how many were theirs.
    """

    course: str
    offering: str
    email: str
    came: tuple[str, ...]
    of: int


def earner_digest(earners: Iterable[Earner]) -> str:
    """What somebody saw: that exactly these have earned one, for these sessions."""
    told = [[one.course, one.offering, one.email, *one.came] for one in earners]
    return sha256(json.dumps(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePaper:
    """What stands on it, in words, each on one line; `sessions` and HR's words line by line.

    `date` is when it was made out: year, month, day. It is kept as it was, so that it is the same whenever it
    is drawn again.
    """

    language: str
    organisation: str
    heading: str
    opening: tuple[str, ...]
    name: str
    has: str
    title: str
    sessions: tuple[str, ...]
    closing: tuple[str, ...]
    made: str
    date: tuple[int, int, int]

    @property
    def kept(self) -> dict[str, Any]:
        """As the books keep it."""
        return asdict(self)


def paper_of(kept: Mapping[str, Any]) -> CertificatePaper:
    """What the books kept; JSON knows no tuples."""
    read: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
    }
    return CertificatePaper(**read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One that HR has approved: whose (canonical), for which offering, by whom (`issued_by`) and when (UTC).

    `paper` None, and `email` a stand-in: nobody knows any more whose it is.
    """

    plan: str
    code: str
    course: str
    offering: str
    email: str
    paper: CertificatePaper | None
    issued_at: datetime
    issued_by: str


def written_code(code: str) -> str:
    """The code as it is printed: in groups, with hyphens."""
    return "-".join(code[at : at + SIGNS_TOGETHER] for at in range(0, len(code), SIGNS_TOGETHER))


def read_code(typed: str) -> str | None:
    """The code that somebody typed, None where it can be none."""
    signs = "".join(sign for sign in typed[:LONGEST_TYPED_CODE].upper() if sign.isalnum())
    code = signs.translate(_TAKEN_FOR)
    return code if len(code) == CODE_LENGTH and not set(code) - set(CODE_SIGNS) else None


def certificate_key(course: str, offering: str, email: str, *, instead_of: str = "") -> str:
    """The key of the mail that tells somebody: whatever is repeated, they get it once.

    `instead_of` is the code of an earlier one, whose place a certificate takes: they are told once more.
    """
    # The mail's key is no place to read a code from.
    again = f"/{sha256(instead_of.encode()).hexdigest()[:16]}" if instead_of else ""
    return f"{CERTIFICATE_PREFIX}{course}/{offering}/{email}{again}"
