"""What a token that holds says of who it is about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.sign_in import Role
from bot.web.sign_in.claims import LONGEST_NAME, TokenRefused, visitor_of

ENTRA = "https://login.microsoftonline.com/t/v2.0"
OTHER = "https://login.by.example"
CLAIMS = {
    "iss": ENTRA, "tid": "T", "oid": "o-1", "sub": "s-1", "name": "Ane Prøve", "preferred_username": "Ane@By.example",
    "email": "en-anden@by.example", "roles": ["Kursusbot.HR", "Noget.Andet"], "auth_time": 1772524800,
}  # fmt: skip


def entra(**changes):
    return visitor_of(CLAIMS | changes, provider=ENTRA, tenant="t")


def other(**changes):
    return visitor_of(CLAIMS | {"iss": OTHER + "/"} | changes, provider=OTHER, tenant=None)


def test_entra_knows_people_by_the_id_of_the_directory():
    """The same in every app; the address is one to show."""
    found = entra()
    assert (found.subject, found.email, found.name) == ("o-1", "ane@by.example", "Ane Prøve")
    assert found.roles == {Role.HR}
    assert found.proved_at == datetime(2026, 3, 3, 8, tzinfo=UTC)


def test_another_provider_knows_them_by_its_own_id_which_is_nobodys_in_the_directory():
    """Two providers may have the same id for two people."""
    assert other().subject == f"{OTHER} s-1"


@pytest.mark.parametrize(("verified", "email"), [(True, "en-anden@by.example"), (False, ""), ("true", ""), (None, "")])
def test_an_address_counts_where_the_provider_has_made_sure_of_it(verified, email):
    """Anybody may write any address into their profile; and with Entra nobody is known by it."""
    assert (other(email_verified=verified).email, other(email_verified=verified).vouches) == (email, bool(email))
    assert not entra(email_verified=verified).vouches


@pytest.mark.parametrize("claims", [{"iss": OTHER}, {"iss": None}, {"tid": "another"}, {"tid": None}, {"oid": ""}, {"oid": 7}])
def test_a_token_of_another_house_is_refused(claims):
    """Also where a claim is only missing."""
    with pytest.raises(TokenRefused):
        entra(**claims)


@pytest.mark.parametrize("claims", [{"iss": ENTRA}, {"sub": None}])
def test_so_it_is_with_another_provider(claims):
    with pytest.raises(TokenRefused):
        other(**claims)


@pytest.mark.parametrize("time", [None, "1772524800", True, 0, -5, 1e300])
def test_a_time_that_is_none_is_no_proof(time):
    """Whoever approves is asked anew."""
    assert entra(auth_time=time).proved_at is None


@pytest.mark.parametrize("roles", [None, "Kursusbot.HR", [], [["Kursusbot.HR"]], {"Kursusbot.HR": 1}])
def test_roles_are_a_list_of_ours_or_none(roles):
    assert entra(roles=roles).roles == frozenset()


@pytest.mark.parametrize(
    ("claims", "name"),
    [({"name": None}, "ane@by.example"), ({"name": None, "preferred_username": "ane"}, "o-1"), ({"name": "x" * 999}, "x" * LONGEST_NAME)],
)
def test_somebody_is_always_called_something(claims, name):
    assert entra(**claims).name == name


@pytest.mark.parametrize(
    ("said", "groups"),
    [
        ({"groups": ["G-1", " g-2 ", "", 3]}, {"g-1", "g-2"}), ({"groups": []}, set()), ({}, None), ({"groups": "g-1"}, None),
        ({"groups": ["g"] * 1001}, None), ({"groups": ["g-1"], "hasgroups": True}, None),
        ({"groups": ["g-1"], "_claim_names": {"groups": "src1"}}, None), ({"_claim_names": {"groups": "src1"}}, None),
        ({"groups": ["g-1"], "_claim_names": {"other": "src1"}}, {"g-1"}), ({"groups": ["g-1"], "_claim_names": "groups"}, {"g-1"}),
    ],
)  # fmt: skip
def test_groups_are_known_only_where_the_token_tells_all_of_them(said, groups):
    """Too many for a token are told elsewhere (Entra's overage): that is unknown, and not none."""
    assert entra(**said).groups == groups
