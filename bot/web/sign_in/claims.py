"""From what a token says to who it is (pure).

| claim | counts | becomes |
|---|---|---|
| `iss` | always: it is our provider's | – |
| `tid` | Entra: it is our tenant's | – |
| `oid` | Entra: the directory's own id, the same in every app | `subject` |
| `sub` | elsewhere, with the issuer before it | `subject` |
| `preferred_username` | Entra: where it looks like an address; to show, not to know people by | `email` |
| `email` | elsewhere, where `email_verified` is true: anybody may call themselves anything otherwise | `email` |
| `roles` | those that we know | `roles` |
| `auth_time` | where it is a number | `proved_at` |
| `groups` | a list; not where `_claim_names` or `hasgroups` says that they are too many to be told | `groups` |

Signature, audience, expiry and nonce have been checked before.

Facts: Microsoft identity platform, ID token claims reference and "claims validation" (an address in a token
is not a key to anything), checked 2026-11; OpenID Connect Core 1.0, sections 2 and 5.1.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.domain.addresses import plain_address
from bot.domain.sign_in import Role, Visitor

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_NAME = 200
MOST_GROUPS = 1000
LAST_SECOND = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


class TokenRefused(Exception):
    """The token is somebody else's, or does not say who it is about; `why` names the claim."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def visitor_of(claims: Mapping[str, Any], *, provider: str, tenant: str | None) -> Visitor:
    """Who signed in, by the table above; `tenant` None where the provider is not Entra.

    Raises TokenRefused.
    """
    if _text(claims, "iss").rstrip("/") != provider:
        raise TokenRefused("iss")
    if tenant is not None and _text(claims, "tid").lower() != tenant.lower():
        raise TokenRefused("tid")
    own_id = _text(claims, "oid" if tenant is not None else "sub")
    if not own_id:
        raise TokenRefused("oid" if tenant is not None else "sub")
    name = _text(claims, "name")[:LONGEST_NAME]
    email = _email(claims, is_entra=tenant is not None)
    listed = claims.get("roles")
    return Visitor(
        subject=own_id if tenant is not None else f"{provider} {own_id}",
        email=email,
        name=name or email or own_id,
        roles=frozenset(role for role in Role if isinstance(listed, list) and role.value in listed),
        proved_at=_instant(claims.get("auth_time")),
        vouches=tenant is None and bool(email),
        groups=_groups(claims),
    )


def _groups(claims: Mapping[str, Any]) -> frozenset[str] | None:
    """All of the groups, None where the token does not tell them or only some."""
    listed, elsewhere = claims.get("groups"), claims.get("_claim_names")
    is_short = isinstance(elsewhere, dict) and "groups" in elsewhere
    if is_short or claims.get("hasgroups") or not isinstance(listed, list) or len(listed) > MOST_GROUPS:
        return None
    return frozenset(one.strip().lower() for one in listed if isinstance(one, str) and one.strip())


def app_of(claims: Mapping[str, Any], *, tenant: str | None) -> Visitor | None:
    """The app that a token is the own one of, None where it is about a person; raises TokenRefused.

    | token | is |
    |---|---|
    | says `idtyp` | what it says: `app` or a person's |
    | names an app (`azp`, `appid`, `client_id`), and neither a scope nor anything of a person | the app's own |
    | anything else | a person's |
    """
    names = [_text(claims, name) for name in ("azp", "appid", "client_id")]
    app = next(filter(None, names), "")
    kind = _text(claims, "idtyp")
    of_person = any(_text(claims, name) for name in ("scp", "scope", "name", "preferred_username", "email"))
    if kind != "app" and (kind or not app or of_person):
        return None
    if not app:
        raise TokenRefused("azp")
    if tenant is not None and _text(claims, "tid").lower() != tenant.lower():
        raise TokenRefused("tid")
    listed = claims.get("roles")
    return Visitor(
        subject=app[:LONGEST_NAME],
        email="",
        name=app[:LONGEST_NAME],
        roles=frozenset(role for role in Role if isinstance(listed, list) and role.value in listed),
        proved_at=None,
        groups=_groups(claims),
    )


def _email(claims: Mapping[str, Any], *, is_entra: bool) -> str:
    vouched_for = is_entra or claims.get("email_verified") is True
    shown = _text(claims, "preferred_username" if is_entra else "email") if vouched_for else ""
    return plain_address(shown) if "@" in shown else ""


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _instant(value: object) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < LAST_SECOND:
        return None
    return datetime.fromtimestamp(value, UTC)
