"""The mail that tells somebody of a certificate, on its way: whether what it tells is still so.

| the books say | the mail |
|---|---|
| there is a certificate, and it holds | goes |
| HR has taken back that the person came | is skipped |
| there is none any more: the person was erased | is skipped |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.templates import MessageKind
from bot.registrations.certificates import still_holds

if TYPE_CHECKING:
    from bot.domain.messages import Message
    from bot.domain.people import PeopleIndex
    from bot.opening.stores import Stores

REVOKED = "certificate_revoked"
"""The error of a mail that did not go because there was nothing to tell of any more."""


def why_no_certificate(message: Message, stores: Stores, people: PeopleIndex) -> str:
    """Why it does not go any more, "" where it may, or tells of something else."""
    if message.kind is not MessageKind.CERTIFICATE_READY:
        return ""
    course, own = message.course, people.canonical(message.email)
    person = people.find(own)
    theirs = person.addresses if person is not None else {own}
    for one in stores.certificates.load_certificates(message.plan, course=course, emails=theirs):
        if one.offering == message.offering:
            words = stores.attendance.load_words(message.plan, course=course, emails=theirs)
            return "" if still_holds(one, words, people) else REVOKED
    return REVOKED
