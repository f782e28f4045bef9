"""Somebody's own certificates: behind their link, for whoever is signed in, and by their code for everybody.

| behind a link | then |
|---|---|
| nobody is known by the id or address that it names, or there is no certificate of theirs | `gone` |
| the person's links were renewed since | `renewed` |
| there is one that holds | it is shown, and to be had |
| there is one that does not hold | that is said, and it is not to be had |

By its code alone a certificate is told to hold or not to, and nothing else of it: whose it is, or whether
there was ever one, nobody learns. Everything raises DatabaseFailed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.desks.afterwards.certificates import certificate_file
from bot.domain.addresses import plain_address
from bot.domain.certificates import read_code
from bot.domain.links import EndedLink, Grant, LinkEnd, Purpose, generation_of, owner_of
from bot.domain.pages import OwnCertificate, OwnCertificates
from bot.domain.people import PeopleIndex
from bot.links import person_link
from bot.registrations.certificates import still_holds

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.domain.people import Person
    from bot.domain.plan import CoursePlan
    from bot.opening.stores import Stores
    from config.settings import Settings


class OwnCertificateDesk:
    """The certificates of one plan, as their owners and strangers may see them."""

    def __init__(self, settings: Settings, plan: CoursePlan, stores: Stores) -> None:
        self._settings, self._plan, self._stores = settings, plan, stores

    def behind(self, grant: Grant) -> OwnCertificates | EndedLink:
        """What a link to somebody's certificates of a course shows."""
        people = PeopleIndex(self._stores.books.people.load_people(self._plan.id))
        person = people.find(grant.person) if "@" in grant.person else people.with_id(grant.person)
        email = person.email if person else plain_address(grant.person)
        language = (person.language if person else None) or self._plan.language
        generations = self._stores.links.load_generations(self._plan.id)

        def ended(why: LinkEnd) -> EndedLink:
            return EndedLink(why=why, language=language, contact=self._plan.contact)

        if grant.generation < generation_of(person, email, generations):
            return ended(LinkEnd.RENEWED)
        names = self._stores.links.load_old_courses(self._plan.id) | {
            one.id: one.id for one in self._plan.courses
        }
        course = names.get(grant.course, grant.course)
        found = self._found(person.addresses if person else {email}, people, course=course)
        if not found:
            return ended(LinkEnd.GONE)
        return OwnCertificates(
            language=language,
            organisation=self._plan.organisation,
            contact=self._plan.contact,
            certificates=found,
        )

    def way(self, grant: Grant, course: str) -> str:
        """From a link to somebody's page of a course to their certificates of it, "" where none holds."""
        base_url, secret = self._settings.web.base_url, self._settings.web.secret_key
        has_any = self._stores.certificates.load_certificates(self._plan.id, course=course)
        if base_url is None or secret is None or not has_any:
            return ""
        own = replace(grant, purpose=Purpose.CERTIFICATE, course=course)
        found = self.behind(own)
        held = isinstance(found, OwnCertificates) and any(one.holds for one in found.certificates)
        return person_link(secret.get_secret_value(), base_url, own) if held else ""

    def of_person(self, person: Person, people: PeopleIndex) -> tuple[OwnCertificate, ...]:
        """All of the plan that somebody has."""
        return self._found(person.addresses, people)

    def file(self, certificate: OwnCertificate) -> bytes:
        """The PDF, the same whenever it is asked for."""
        return certificate_file(self._settings.web.base_url, certificate.paper, certificate.code)

    def holds(self, typed: str) -> bool:
        """Whether what somebody typed is the code of a certificate that holds, of whatever plan."""
        code = read_code(typed)
        one = self._stores.certificates.load_certificate(code) if code is not None else None
        if one is None:
            return False
        words = self._stores.attendance.load_words(one.plan, course=one.course)
        return still_holds(one, words, PeopleIndex(self._stores.books.people.load_people(one.plan)))

    def _found(
        self, addresses: Collection[str], people: PeopleIndex, *, course: str | None = None
    ) -> tuple[OwnCertificate, ...]:
        stores, plan = self._stores, self._plan.id
        found = stores.certificates.load_certificates(plan, course=course, emails=addresses)
        return tuple(
            OwnCertificate(
                course=one.course,
                offering=one.offering,
                code=one.code,
                paper=one.paper,
                holds=still_holds(one, stores.attendance.load_words(plan, course=one.course), people),
            )
            for one in found
            if one.paper is not None
        )


def certificate_grant(
    plan: CoursePlan, person: Person, course: str, *, generation: int, now: datetime
) -> Grant:
    """What opens the page with the person's certificates of a course."""
    return Grant(
        purpose=Purpose.CERTIFICATE,
        plan=plan.id,
        person=owner_of(person, person.email),
        course=course,
        made_at=now,
        generation=generation,
    )
