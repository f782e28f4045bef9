"""The directory: who in a group is a person, under which addresses, and with how many requests."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.domain.errors import GraphGone, GraphRefused, PermissionMissing
from bot.domain.people import Language, Person
from bot.graph.directory import GraphDirectory
from tests.unit.graph.members import GROUP, MEMBERS, page, user
from tests.unit.graph.talk import BASE, Talk, refusal


def members(talk: Talk, group: str = GROUP) -> tuple[Person | str, ...]:
    return talk.run(lambda client: GraphDirectory(client).fetch_members(group))


def of(*users: dict[str, Any]) -> tuple[Person | str, ...]:
    talk = Talk()
    talk.graph.get(MEMBERS).mock(return_value=page(*users))
    return members(talk)


def emails(found: tuple[Person | str, ...]) -> list[str]:
    return [one.email if isinstance(one, Person) else one for one in found]


def test_a_group_by_object_id_costs_one_request_a_page() -> None:
    """The cast and its count need the header on every page; the link is followed as it is."""
    talk = Talk()
    following = f"{BASE}{MEMBERS}?$skiptoken=a%2Bb"
    talk.graph.get(MEMBERS).side_effect = [page(user("bo"), following=following), page(user("anna"))]
    assert emails(members(talk)) == ["anna@kommune.example", "bo@kommune.example"]
    assert [request.headers["consistencylevel"] for request in talk.requests] == ["eventual", "eventual"]
    assert talk.requests[0].url.params["$count"] == "true"
    assert talk.requests[0].url.params["$top"] == "999"
    assert str(talk.requests[1].url) == following


def test_a_group_by_mail_is_looked_up_with_its_apostrophes_doubled() -> None:
    """Else a name could end the filter."""
    talk = Talk()
    talk.graph.get("/groups").mock(return_value=httpx.Response(200, json={"value": [{"id": GROUP}]}))
    talk.graph.get(MEMBERS).mock(return_value=page(user("anna")))
    assert emails(members(talk, "Ledere.d'or@kommune.example")) == ["anna@kommune.example"]
    assert talk.requests[0].url.params["$filter"] == "mail eq 'ledere.d''or@kommune.example'"
    assert len(talk.requests) == 2


def test_a_group_is_found_by_a_former_address() -> None:
    """Plans live longer than group names."""
    talk = Talk()
    found = httpx.Response(200, json={"value": [{"id": GROUP}]})
    talk.graph.get("/groups").side_effect = [httpx.Response(200, json={"value": []}), found]
    talk.graph.get(MEMBERS).mock(return_value=page())
    assert members(talk, "gamle-ledere@kommune.example") == ()
    assert talk.requests[1].url.params["$filter"] == "proxyAddresses/any(p:p eq 'smtp:gamle-ledere@kommune.example')"


def test_a_group_is_looked_up_once_in_a_run() -> None:
    """Courses share audiences."""
    talk = Talk()
    talk.graph.get("/groups").mock(return_value=httpx.Response(200, json={"value": [{"id": GROUP}]}))
    talk.graph.get(MEMBERS).mock(return_value=page(user("anna")))

    async def scene(client: Any) -> None:
        directory = GraphDirectory(client)
        await directory.fetch_members("ledere@kommune.example")
        await directory.fetch_members("Ledere@kommune.example")

    talk.run(scene)
    assert [path for _, path in talk.sent].count("/groups") == 1


def test_a_remembered_object_id_saves_the_look_up() -> None:
    """A run with nothing to do costs one request for each page of members."""
    talk = Talk()
    talk.graph.get(MEMBERS).mock(return_value=page(user("anna")))

    async def scene(client: Any) -> Any:
        directory = GraphDirectory(client, known_ids={"ledere@kommune.example": GROUP})
        return await directory.fetch_members("Ledere@kommune.example"), directory.looked_up

    found, looked_up = talk.run(scene)
    assert emails(found) == ["anna@kommune.example"]
    assert talk.sent == [("GET", MEMBERS)]
    assert looked_up == {}


def test_a_remembered_object_id_that_is_gone_is_looked_up_anew_once() -> None:
    """The group behind the mail was made anew; one that is really gone is an error."""
    talk = Talk()
    old = f"/groups/{'0' * 8}-0000-0000-0000-{'0' * 12}"
    talk.graph.get(f"{old}/transitiveMembers/microsoft.graph.user").mock(return_value=refusal(404, "Request_ResourceNotFound"))
    talk.graph.get("/groups").mock(return_value=httpx.Response(200, json={"value": [{"id": GROUP}]}))
    answers = talk.graph.get(MEMBERS).mock(return_value=page(user("anna")))
    known = {"ledere@kommune.example": old.removeprefix("/groups/")}

    async def scene(client: Any) -> Any:
        directory = GraphDirectory(client, known_ids=known)
        return await directory.fetch_members("ledere@kommune.example"), directory.looked_up

    found, looked_up = talk.run(scene)
    assert emails(found) == ["anna@kommune.example"]
    assert looked_up == {"ledere@kommune.example": GROUP}
    answers.mock(return_value=refusal(404, "Request_ResourceNotFound"))
    with pytest.raises(GraphGone):
        talk.run(scene)


def test_an_unknown_and_an_ambiguous_group_are_errors() -> None:
    """Never an empty audience: that would take everybody off."""
    talk = Talk()
    talk.graph.get("/groups").mock(return_value=httpx.Response(200, json={"value": []}))
    with pytest.raises(GraphGone) as gone:
        members(talk, "ingen@kommune.example")
    assert gone.value.params["group"] == "ingen@kommune.example"
    talk = Talk()
    talk.graph.get("/groups").mock(return_value=httpx.Response(200, json={"value": [{"id": "1"}, {"id": "2"}]}))
    with pytest.raises(GraphRefused):
        members(talk, "to@kommune.example")
    talk = Talk()
    talk.graph.get(MEMBERS).mock(return_value=refusal(404, "Request_ResourceNotFound"))
    with pytest.raises(GraphGone) as unknown:
        members(talk)
    assert unknown.value.code == "graph_group_not_found"
    assert unknown.value.request_id == "r-1"


def test_a_member_becomes_a_person_with_every_address() -> None:
    """An answer may come from any of them."""
    anna = user(
        "anna",
        mail="Anna@Kommune.example",
        userPrincipalName="abc1@kommune.example",
        proxyAddresses=["SMTP:Anna@Kommune.example", "smtp:anna.p@kommune.example", "x500:/o=Kommune", "SIP:anna@kommune.example"],
    )
    assert of(anna) == (
        Person(
            email="anna@kommune.example",
            name="Anna Prøve",
            language=Language.DA,
            directory_id="id-anna",
            aliases=frozenset({"abc1@kommune.example", "anna.p@kommune.example", "/o=kommune"}),
            department="Skole",
        ),
    )


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("da-DK", Language.DA),
        ("da", Language.DA),
        ("en-GB", Language.EN),
        ("en_US", Language.EN),
        ("de-DE", None),
        (None, None),
        ("", None),
    ],
)
def test_the_language_is_the_persons_when_we_have_it(tag: str | None, language: Language | None) -> None:
    """Others get the plan's."""
    person = of(user("anna", preferredLanguage=tag))[0]
    assert isinstance(person, Person)
    assert person.language is language


def test_a_guest_is_invited_by_mail_and_never_by_the_sign_in_name() -> None:
    """`#EXT#` names are no addresses."""
    guest = user(
        "gæst",
        userType="Guest",
        mail="gaest@partner.example",
        userPrincipalName="gaest_partner.example#EXT#@kommune.example",
        proxyAddresses=[],
    )
    person = of(guest)[0]
    assert isinstance(person, Person)
    assert person.addresses == {"gaest@partner.example"}


def test_who_has_no_address_is_reported_by_name() -> None:
    """Not skipped silently, and not invited by a sign-in name that receives nothing."""
    found = of(user("anna"), user("carl", mail=None), user("dorte", mail="", displayName=None))
    assert emails(found) == ["anna@kommune.example", "Carl Prøve", "dorte@kommune.example"]
    assert [isinstance(one, Person) for one in found] == [True, False, False]


def test_disabled_accounts_are_left_out_and_unknown_ones_kept() -> None:
    """Leavers, rooms and shared mailboxes; a null tells nothing."""
    assert emails(of(user("anna", accountEnabled=None), user("bo", accountEnabled=False))) == ["anna@kommune.example"]


def test_one_person_in_two_pages_counts_once() -> None:
    """An index may answer the same member twice."""
    assert len(of(user("anna"), user("anna"))) == 1


def test_hidden_members_make_the_group_unreadable() -> None:
    """Only an id means that a permission is missing, not that the person has no address."""
    with pytest.raises(PermissionMissing) as caught:
        of(user("anna"), {"@odata.type": "#microsoft.graph.user", "id": "id-bo"})
    assert caught.value.params["permission"] == "User.Read.All"
    assert caught.value.params["member"] == "id-bo"


class TestEnabledMailboxesThatAreNoPeople:
    ROOM = user("sal", displayName="Sal 1", givenName=None, surname=None)

    def talk(self, answer: httpx.Response, *users: dict[str, Any]) -> Talk:
        talk = Talk()
        talk.graph.get(MEMBERS).mock(return_value=page(*users))
        talk.graph.get("/users/id-sal/mailboxSettings").mock(return_value=answer)
        return talk

    @pytest.mark.parametrize(("purpose", "kept"), [("room", False), ("shared", False), ("Equipment", False), ("user", True), (None, True)])
    def test_an_account_without_a_persons_name_is_asked_for_its_purpose(self, purpose: str | None, kept: bool) -> None:
        """An administrator can have enabled it."""
        talk = self.talk(httpx.Response(200, json={"userPurpose": purpose}), user("anna"), self.ROOM)
        assert ("sal@kommune.example" in emails(members(talk))) is kept
        assert len(talk.requests) == 2

    @pytest.mark.parametrize("answer", [refusal(403, "ErrorAccessDenied"), refusal(404, "MailboxNotEnabledForRESTAPI")])
    def test_where_graph_does_not_tell_a_person_is_assumed(self, answer: httpx.Response) -> None:
        """Nobody is missed for want of a permission."""
        assert len(members(self.talk(answer, user("anna"), self.ROOM))) == 2

    def test_a_tenant_without_given_names_is_not_asked_for_everybody(self) -> None:
        """No call for each person."""
        nameless = [user(f"p{number}", givenName=None, surname=None) for number in range(50)]
        talk = self.talk(httpx.Response(200, json={}), user("anna"), *nameless)
        assert len(members(talk)) == 51
        assert len(talk.requests) == 1


def test_addresses_are_asked_fifteen_at_a_time_whether_they_are_groups_and_once() -> None:
    """What is no group is remembered as that, until it is looked up as one."""
    talk = Talk()
    mails = [f"n{number:02}@kommune.example" for number in range(17)]
    group = {"id": GROUP, "mail": "N16@kommune.example"}
    talk.graph.get("/groups").side_effect = [page(), page(group), page({"id": GROUP})]
    talk.graph.get(MEMBERS).mock(return_value=page(user("anna")))

    async def scene(client: Any) -> Any:
        directory = GraphDirectory(client, known_ids={"fuld@kommune.example": GROUP, "o'bo@kommune.example": ""})
        some = [await directory.groups_among([*mails, "fuld@kommune.example", "o'bo@kommune.example"]) for _ in range(2)]
        known = dict(directory.looked_up)
        return some, known, await directory.fetch_members("o'bo@kommune.example")

    (first, again), known, people = talk.run(scene)
    assert first == again == {"fuld@kommune.example", "n16@kommune.example"}
    assert known == dict.fromkeys(mails, "") | {"n16@kommune.example": GROUP}
    filters = [request.url.params["$filter"] for request in talk.requests if request.url.path.endswith("/groups")]
    assert [text.count("@") for text in filters] == [15, 2, 1]
    assert filters[1] == "mail in ('n15@kommune.example','n16@kommune.example')"
    assert emails(people) == ["anna@kommune.example"]


def asked_for(address: str, *answers: httpx.Response) -> tuple[Person | None, Talk]:
    talk = Talk()
    talk.graph.get("/users").side_effect = list(answers)
    return talk.run(lambda client: GraphDirectory(client).find_person(address)), talk


def test_a_person_is_found_by_mail_or_sign_in_name_with_one_request_and_by_an_alias_with_two() -> None:
    """Quotation marks are doubled, as OData wants it."""
    found, talk = asked_for("O'Bo@kommune.example", page(user("bo")))
    assert found is not None
    assert (found.email, found.name, len(talk.requests)) == ("bo@kommune.example", "Bo Prøve", 1)
    assert talk.requests[0].url.params["$filter"] == "mail eq 'o''bo@kommune.example' or userPrincipalName eq 'o''bo@kommune.example'"
    found, talk = asked_for("boo@kommune.example", page(), page(user("bo")))
    assert found is not None
    assert talk.requests[1].url.params["$filter"] == "proxyAddresses/any(p:p eq 'smtp:boo@kommune.example')"


@pytest.mark.parametrize("users", [(), (user("bo", accountEnabled=False),), (user("bo", mail=None),)])
def test_nobody_a_closed_account_and_one_without_a_mailbox_are_nobody(users: tuple[dict[str, Any], ...]) -> None:
    """A leaver, a room and a shared mailbox have closed accounts."""
    assert asked_for("bo@kommune.example", page(*users), page())[0] is None


def test_a_directory_that_does_not_show_who_it_is_has_not_answered() -> None:
    """Without `User.Read.All` an account may be open or closed: that is not guessed."""
    with pytest.raises(PermissionMissing):
        asked_for("bo@kommune.example", page({"id": "id-bo", "displayName": "Bo", "mail": "bo@kommune.example"}))


def test_what_is_invisible_in_an_address_is_no_part_of_it() -> None:
    hidden = {
        "mail": "\u200bAnna@kommune.example\u00a0",
        "userPrincipalName": "an\u00adna@login.kommune.example",
        "proxyAddresses": ["SMTP:anna@kommune.example\u200e", "smtp: \ufeffa.p@kommune.example\t"],
    }
    (found,) = of(user("anna", **hidden))
    assert isinstance(found, Person)
    assert (found.email, found.aliases) == ("anna@kommune.example", {"anna@login.kommune.example", "a.p@kommune.example"})
