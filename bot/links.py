"""Signed links to a person's own page and to the calendar feed.

How one is written, and whether it is one of ours.

A token is a few facts, encrypted and signed (Fernet: AES-128-CBC and HMAC-SHA256,
https://github.com/fernet/spec, checked 2026-11) under a key derived from the secret of the settings. It is
bound to purpose, plan, person and course. Nothing is readable from it, so nothing of a person is in anybody's
browser history or proxy log. Whether it still opens anything is not in it, but in the plan and the books of
the day (`bot.domain.links`). Who holds a link may act for the person; that is why the pages say whose it is
and ask before anything is changed. Does not know the pages (`bot.web`).

    facts in a token                                                        written by
    purpose, plan, address, course, promised end (seconds)                  older programs
    purpose, plan, person, course, made at (seconds), generation            this one
    these, who acts for the person                                          this one, for a delegate ("s")
    these without, audience                                                 this one, for a feed of one audience
    "d", plan, course, offering, session, made at (seconds), who gave it    this one, for the door of one session
    these, generation                                                       this one, where HR ended earlier ones
    "e", plan, course, made at (seconds)                                    this one, for what was said of a course
    these, generation                                                       this one, where HR ended earlier ones
    these, audience (or ""), reader                                         this one, for a feed of the whole year wheel

The QR code of a session has no token but a mark (`check_in_word`): it opens a page that names nobody.
"""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.domain.door_links import PURPOSE as DOOR
from bot.domain.door_links import DoorGrant
from bot.domain.errors import InputError
from bot.domain.evaluation_links import PURPOSE as RESULTS
from bot.domain.evaluation_links import ResultsGrant
from bot.domain.links import FeedReader, Grant, Purpose

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from cryptography.fernet import Fernet

    from bot.domain.check_in import SessionPlace

OLD_FACTS = 5
MOST_FACTS = {Purpose.PERSON: 1, Purpose.CERTIFICATE: 1, Purpose.MANAGER: 1, Purpose.FEED: 3}
"""After those that every token has."""


class LinkInvalid(InputError):
    """Not a token of ours, or for another purpose."""


def make_token(secret: str, grant: Grant) -> str:
    """The token of a grant: letters, digits, `-` and `_`."""
    facts = [
        grant.purpose.value,
        grant.plan,
        grant.person,
        grant.course,
        int(grant.made_at.timestamp()),
        grant.generation,
    ]
    if grant.delegate:
        facts.append(grant.delegate)
    elif grant.reader:
        facts += [grant.audience, grant.reader.value]
    elif grant.audience:
        facts.append(grant.audience)
    return _token(secret, facts)


def _token(secret: str, facts: Sequence[object]) -> str:
    return _lock(secret).encrypt(json.dumps(facts, ensure_ascii=False).encode()).decode().rstrip("=")


def read_token(secrets: Iterable[str], token: str, *, purpose: Purpose) -> Grant:
    """What the token says, made with any of the secrets; raises LinkInvalid."""
    return _read_for(secrets, token, {purpose})


def read_person_token(secrets: Iterable[str], token: str) -> Grant:
    """The same of a link to somebody's page, their own or one of who acts for them; raises LinkInvalid."""
    return _read_for(secrets, token, {Purpose.PERSON, Purpose.DELEGATE})


def _read_for(secrets: Iterable[str], token: str, purposes: Collection[Purpose]) -> Grant:
    for secret in secrets:
        grant = _read(_lock(secret), token)
        if grant is not None and grant.purpose in purposes:
            return grant
    raise LinkInvalid("link_invalid")


PATHS = {
    Purpose.PERSON: "/p",
    Purpose.DELEGATE: "/p",
    Purpose.CERTIFICATE: "/certificate",
    Purpose.MANAGER: "/m",
}


def person_link(secret: str, base_url: str, grant: Grant) -> str:
    """The address of a person's page: of a course, or of what the grant is for."""
    return f"{base_url.rstrip('/')}{PATHS[grant.purpose]}/{make_token(secret, grant)}"


def feed_link(secret: str, base_url: str, grant: Grant) -> str:
    """The address of the plan's calendar feed."""
    return f"{base_url.rstrip('/')}/feed/{make_token(secret, grant)}.ics"


def door_link(secret: str, base_url: str, grant: DoorGrant) -> str:
    """The address of the list at a session's door."""
    made_at = int(grant.made_at.timestamp())
    facts = [DOOR, grant.plan, grant.course, grant.offering, grant.session, made_at, grant.by]
    facts += [grant.generation] if grant.generation else []
    return f"{base_url.rstrip('/')}/d/{_token(secret, facts)}"


def results_link(secret: str, base_url: str, grant: ResultsGrant) -> str:
    """The address of what was said of a course."""
    facts = [RESULTS, grant.plan, grant.course, int(grant.made_at.timestamp())]
    facts += [grant.generation] if grant.generation else []
    return f"{base_url.rstrip('/')}/e/{_token(secret, facts)}"


def read_results(secrets: Iterable[str], token: str) -> ResultsGrant:
    """What the token of a course's results says, made with any of the secrets; raises LinkInvalid."""
    for secret in secrets:
        match _facts(_lock(secret), token):
            case [said, str(plan), str(course), int(moment), *more] if said == RESULTS:
                if all(isinstance(one, int) for one in more):
                    made_at = datetime.fromtimestamp(moment, UTC)
                    return ResultsGrant(plan=plan, course=course, made_at=made_at, generation=sum(more))
    raise LinkInvalid("link_invalid")


def read_door(secrets: Iterable[str], token: str) -> DoorGrant:
    """What the token of a door says, made with any of the secrets; raises LinkInvalid."""
    for secret in secrets:
        facts = _facts(_lock(secret), token)
        match facts:
            case [said, str(plan), str(course), str(offering), str(session), int(moment), str(by), *more]:
                if said == DOOR and all(isinstance(one, int) for one in more):
                    made_at = datetime.fromtimestamp(moment, UTC)
                    return DoorGrant(
                        plan=plan,
                        course=course,
                        offering=offering,
                        session=session,
                        made_at=made_at,
                        by=by,
                        generation=sum(more),
                    )
    raise LinkInvalid("link_invalid")


def check_in_link(secret: str, base_url: str, place: SessionPlace) -> str:
    """The address in the QR code of a session: short, so that it is read from the back of a room."""
    return f"{base_url.rstrip('/')}/i/{check_in_word(secret, place)}"


def check_in_word(secret: str, place: SessionPlace) -> str:
    """What tells a session's QR code from others: the same each time, 80 bits that nobody guesses."""
    return base64.b32encode(_mark(secret, "check in", place)[:10]).decode().lower()


def room_code(secret: str, place: SessionPlace) -> str:
    """The four digits that stand on the screen beside it: who types them on their own page is in the room."""
    return f"{int.from_bytes(_mark(secret, 'room code', place)[:8]) % 10_000:04}"


def _mark(secret: str, purpose: str, place: SessionPlace) -> bytes:
    said = json.dumps([purpose, place.plan, *place.ids], ensure_ascii=False)
    return hmac.digest(f"kursusbot {purpose} 1 {secret}".encode(), said.encode(), "sha256")


def _facts(lock: Fernet, token: str) -> list[Any] | None:
    """What stands in a token that is ours; None for any other."""
    from cryptography.fernet import InvalidToken

    try:
        spelt, padded = token.encode("ascii"), _padded(token)
        # Python's decoder passes over what is no base64 and over bits at the end that mean nothing; one token
        # has one spelling.
        if base64.urlsafe_b64encode(base64.urlsafe_b64decode(padded)).rstrip(b"=") != spelt:
            return None
        facts = json.loads(lock.decrypt(padded))
    except (InvalidToken, ValueError, TypeError):
        return None
    return facts if isinstance(facts, list) else None


def _read(lock: Fernet, token: str) -> Grant | None:
    facts = _facts(lock, token)
    if facts is None:
        return None
    try:
        said, plan, person, course, moment, *more = facts
        purpose, at = Purpose(said), datetime.fromtimestamp(moment, UTC)
        if purpose is Purpose.DELEGATE:
            return _of_delegate(plan, person, course, at, more)
        if len(facts) == OLD_FACTS:
            made_at = datetime.fromtimestamp(lock.extract_timestamp(_padded(token)), UTC)
            return Grant(
                purpose=purpose, plan=plan, person=person, course=course, made_at=made_at, promised_until=at
            )
        if len(more) > MOST_FACTS[purpose]:
            return None
        generation, audience, reader = [*more, "", ""][: MOST_FACTS[Purpose.FEED]]
        return Grant(
            purpose=purpose,
            plan=plan,
            person=person,
            course=course,
            made_at=at,
            generation=generation,
            audience=audience,
            reader=FeedReader(reader) if reader else None,
        )
    except (ValueError, TypeError):
        return None


def _of_delegate(plan: str, person: str, course: str, at: datetime, more: Sequence[Any]) -> Grant | None:
    """None where it does not say who acts: it would be the person's own. Raises ValueError."""
    generation, delegate = more
    if not (delegate and isinstance(delegate, str)):
        return None
    return Grant(
        purpose=Purpose.DELEGATE,
        plan=plan,
        person=person,
        course=course,
        made_at=at,
        generation=generation,
        delegate=delegate,
    )


def _padded(token: str) -> bytes:
    return token.encode("ascii") + b"=" * (-len(token) % 4)


@lru_cache(maxsize=4)
def _lock(secret: str) -> Fernet:
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kursusbot links 1").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))
