"""How a person is named in an address of the desk, and who is meant by such a name (pure).

A mail address never stands in a URL: it would be in histories, in proxies' logs, and seen over a shoulder.

| the person | is named by | and found by |
|---|---|---|
| has a directory id in the books | the directory id | the id; the digest of any address of theirs |
| has none, as an outsider | a digest of the address, keyed | the digest of any address of theirs, an earlier one too |
| the books have as an address and no more | the same | the digest, where the address is given along |

An address is taken as it is compared (`bot.domain.addresses`), so spelt in other cases it is the same
person. An address that passed on to somebody else names its owner now, as in `PeopleIndex`. A digest is 40
hexadecimal digits; a directory id has dashes, so neither is taken for the other. With another secret old
names of people without an id find nobody.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.addresses import plain_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.domain.people import PeopleIndex

DIGITS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonIds:
    """The names of these people: of one plan's books, or of all plans'. `secret` is the pages' own."""

    people: PeopleIndex
    secret: str

    def of(self, address: str) -> str:
        """What the person behind an address is named by; fit for a path and for a form's field."""
        person = self.people.find(address)
        if person is not None and person.directory_id:
            return person.directory_id
        return self._digest(person.email if person else plain_address(address))

    def find(self, name: str, *, among: Iterable[str] = ()) -> str | None:
        """The canonical address of whoever is named so, None where it is nobody known.

        `among` are addresses besides those of the people, such as those that the registrations have.
        """
        person = self.people.with_id(name)
        if person is not None:
            return person.email
        if len(name) != DIGITS:
            return None
        known = (address for person in self.people.everybody for address in person.addresses)
        for address in (*known, *among):
            if hmac.compare_digest(
                self._digest(plain_address(address)).encode(), name.encode("utf-8", "replace")
            ):
                return self.people.canonical(address)
        return None

    def _digest(self, address: str) -> str:
        key, words = self.secret.encode(), f"person {address}".encode("utf-8", "replace")
        return hmac.new(key, words, hashlib.sha256).hexdigest()[:DIGITS]
