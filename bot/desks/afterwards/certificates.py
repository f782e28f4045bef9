"""Certificates of a course in HR's hand: who has earned one, who has got one, and approving those that wait.

    look      who has earned one and has none, who has one, and whether it holds    writes nothing
    example   the PDF as it would be for one of them                                writes nothing
    issue     for exactly those who were shown, by the digest of what was, or       raises CertificatesRefused
    reissue   one whose name is written otherwise by now, as it was shown, or       raises CertificatesRefused

Nothing is made out and nobody is told before HR has approved it. What is approved is kept as it is then, with
a code by chance, and told by one mail to each, which brings a link of their own and not the PDF: a mail can
be passed on and stays in mailboxes for good, a link can be renewed, and a paper that does not hold any more
is not to be had behind it. Everything raises DatabaseFailed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.certificates.as_pdf import certificate_pdf
from bot.domain.certificates import (
    CODE_LENGTH,
    CODE_SIGNS,
    Certificate,
    CertificatePaper,
    Earner,
    certificate_key,
    earner_digest,
)
from bot.domain.errors import InputError
from bot.domain.messages import ANEW, DeliveryState, Message
from bot.domain.templates import MessageKind
from bot.i18n.sorting import danish_key
from bot.messages.certificate import certificate_paper
from bot.registrations.attendance import course_attendance
from bot.registrations.certificates import earners_of, still_holds
from bot.rounds.steps.decide_seats import load_state, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.domain.actions import Action
    from bot.domain.people import Language
    from bot.domain.plan import Course, CoursePlan
    from bot.opening.work import BookWork
    from bot.rounds.steps.decide_seats import SeatState

MAIL_LASTS = timedelta(days=14)
"""How long what could not go at once is worth sending."""
CHECK_PATH = "/certificate"


class CertificatesRefused(InputError):
    """What was asked for is not done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCertificate:
    """Somebody who has earned one that HR has not approved.

    `offering` as people call it, "" for the only one.
    """

    earner: Earner
    name: str
    department: str
    offering: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenCertificate:
    """One that was approved; `holds`: nobody has taken back that they came. `mail` None: nobody was told.

    `name` stands on it; `called` is how the person is called by now, "" where that is the same or not known.
    """

    certificate: Certificate
    name: str
    holds: bool
    mail: DeliveryState | None
    called: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatesLook:
    """A course's certificates now; both by name, `given` without those whose person was let go of.

    `forgotten` is how many that are. `digest` is what a press has to bring back. `came` is how many came to
    anything, of whom not all need to have earned one.
    """

    course: Course
    waiting: tuple[WaitingCertificate, ...]
    given: tuple[GivenCertificate, ...]
    forgotten: int
    came: int
    digest: str


class CertificateHand:
    """The certificates of one course, by the books as they were when it was made.

    Raises InputError for an unknown course.
    """

    def __init__(self, work: BookWork, course: str) -> None:
        self._work = work
        self._state = load_state(work.plan, work.stores, course=work.plan.known_course(course).id)
        self.course = self._state.plan.known_course(course)
        self.people = self._state.people

    @property
    def addresses(self) -> list[str]:
        """Of whoever has or had to do with it, for who is in no audience."""
        words = self._work.stores.attendance.load_words(self._work.plan.id, course=self.course.id)
        return sorted({row.email for row in rows_of(self._state)} | {one.email for one in words if one.email})

    def look(self) -> CertificatesLook:
        """What there is."""
        stores, plan, people = self._work.stores, self._work.plan.id, self.people
        words = stores.attendance.load_words(plan, course=self.course.id)
        known = course_attendance(self.course, rows_of(self._state), words, people)
        earned = earners_of(self.course, rows_of(self._state), known, wall=_wall(self._work))
        given = stores.certificates.load_certificates(plan, course=self.course.id)
        has = {(one.offering, people.canonical(one.email)) for one in given}
        waiting = tuple(one for one in earned if (one.offering, one.email) not in has)
        mails = stores.outbox.load_messages(plan, course=self.course.id, kind=MessageKind.CERTIFICATE_READY)
        told = {(one.offering, people.canonical(one.email)): one.state for one in mails}
        shown = [
            GivenCertificate(
                certificate=one,
                name=one.paper.name,
                holds=still_holds(one, words, people),
                mail=told.get((one.offering, people.canonical(one.email))),
                called=self._called(one),
            )
            for one in given
            if one.paper is not None
        ]
        return CertificatesLook(
            course=self.course,
            waiting=tuple(sorted(map(self._waiting, waiting), key=lambda one: danish_key(one.name))),
            given=tuple(sorted(shown, key=lambda one: danish_key(one.name))),
            forgotten=len(given) - len(shown),
            came=len(known.attended or ()),
            digest=earner_digest(waiting),
        )

    def example(self, look: CertificatesLook, email: str = "") -> bytes | None:
        """The PDF of one who waits or has one, else of the first who waits; None where there is nobody."""
        for given in look.given:
            one = given.certificate
            if one.email == email and one.paper is not None:
                return certificate_file(self._work.settings.web.base_url, one.paper, one.code)
        first = next((one.earner for one in look.waiting if email in {"", one.earner.email}), None)
        return certificate_file(None, self._paper(first), "") if first is not None else None

    def issue(self, digest: str, *, by: str, noted: Iterable[Action]) -> int:
        """Make them out for those who were shown, and have the mails ready; how many were new.

        Raises CertificatesRefused where others have earned one than were shown, or nobody.
        """
        look, now = self.look(), self._work.now()
        if look.digest != digest:
            raise CertificatesRefused("certificates_changed", people=len(look.waiting))
        if not look.waiting:
            raise CertificatesRefused("certificates_nobody")
        earned = [one.earner for one in look.waiting]
        made = [
            Certificate(
                plan=self._work.plan.id,
                code=_new_code(),
                course=one.course,
                offering=one.offering,
                email=one.email,
                paper=self._paper(one),
                issued_at=now,
                issued_by=by,
            )
            for one in earned
        ]
        outgoing = [_mail(one, now) for one in made]
        return self._work.stores.certificates.issue(made, outgoing, noted=noted)

    def reissue(self, email: str, offering: str, called: str, *, by: str, noted: Iterable[Action]) -> None:
        """Make one out anew with the name that was shown, and have the mail ready.

        Its earlier code holds no more. Raises CertificatesRefused where there is no such certificate that
        holds, or it would have another name.
        """
        given = next(
            (
                one
                for one in self.look().given
                if (one.certificate.email, one.certificate.offering) == (email, offering) and one.holds
            ),
            None,
        )
        if given is None or given.certificate.paper is None or not called or given.called != called:
            raise CertificatesRefused("certificate_as_it_is")
        old, now = given.certificate, self._work.now()
        paper = replace(given.certificate.paper, name=called)
        new = replace(old, code=_new_code(), paper=paper, issued_at=now, issued_by=by)
        mail = _mail(new, now, instead_of=old.code)
        if not self._work.stores.certificates.replace(old.code, new, mail, noted=noted):
            raise CertificatesRefused("certificate_as_it_is")

    def _called(self, one: Certificate) -> str:
        person = self.people.find(one.email)
        name = person.name if person is not None else ""
        return name if one.paper is not None and name != one.paper.name else ""

    def _waiting(self, earner: Earner) -> WaitingCertificate:
        offering = self.course.offering(earner.offering)
        several = len(self.course.offerings) > 1 and offering is not None
        return WaitingCertificate(
            earner=earner,
            name=_name(self._state, earner.email),
            department=_department(self._state, earner.email),
            offering=(offering.title or offering.id) if several and offering else "",
        )

    def _paper(self, earner: Earner) -> CertificatePaper:
        plan, person = self._state.plan, self.people.find(earner.email)
        offering = self.course.offering(earner.offering)
        if offering is None:
            raise InputError("course_unknown", course=earner.offering, known="")
        return certificate_paper(
            plan,
            self.course,
            offering,
            name=_name(self._state, earner.email),
            came=earner.came,
            language=_language(plan, person.language if person else None),
            today=_wall(self._work),
        )


def certificate_file(base_url: str | None, paper: CertificatePaper, code: str) -> bytes:
    """The PDF; with an address of the pages it says where the code is checked."""
    from bot.domain.people import Language

    check_at = f"{base_url.rstrip('/')}{CHECK_PATH}" if base_url else ""
    return certificate_pdf(paper, Language(paper.language), code=code, check_at=check_at)


def _new_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def _mail(one: Certificate, now: datetime, *, instead_of: str = "") -> Message:
    return Message(
        plan=one.plan,
        key=certificate_key(one.course, one.offering, one.email, instead_of=instead_of),
        kind=MessageKind.CERTIFICATE_READY,
        course=one.course,
        offering=one.offering,
        email=one.email,
        created_at=now,
        expires_at=now + MAIL_LASTS,
        params={ANEW: "yes"} if instead_of else {},
    )


def _name(state: SeatState, email: str) -> str:
    """As the directory has it, else as the list of who is coming has it, else the address."""
    person = state.people.find(email)
    if person is not None and person.name:
        return person.name
    return next((row.name for row in rows_of(state) if row.email == email and row.name), email)


def _department(state: SeatState, email: str) -> str:
    person = state.people.find(email)
    return person.department if person else ""


def _language(plan: CoursePlan, own: Language | None) -> Language:
    return own or plan.language


def _wall(work: BookWork) -> datetime:
    return work.now().astimezone(ZoneInfo(work.plan.timezone)).replace(tzinfo=None)
