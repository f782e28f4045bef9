"""Who is invited: groups and people as they change, and what happens while nobody can tell who belongs to them."""

from __future__ import annotations

import pytest

from tests.e2e.as_it_was import synced
from tests.e2e.driver import World, body_of
from tests.e2e.plans import make_course, make_plan, make_session, people

LEADERS, SCHOOLS, STAFF = (f"{name}@norddjurs.example" for name in ("alle-ledere", "skoleledere", "stab-ledere"))
NEW = "nye.leder@norddjurs.example"


def invite_all(world: World, **changes: object) -> None:
    world.write(make_plan(make_course(**changes)))


def group_id(world: World, mail: str) -> str:
    group = world.tenant.directory.find_group(mail)
    assert group is not None
    return group.id


def outage(world: World, mail: str, status: int) -> None:
    """From now on the group's members cannot be read."""
    world.tenant.faults.add(path=f"/groups/{group_id(world, mail)}/", status=status, times=None)


def empty(world: World, mail: str) -> None:
    group = world.tenant.directory.find_group(mail)
    assert group is not None
    group.members.clear()


def test_everybody_with_a_mailbox_is_invited_once_and_nobody_else(world: World) -> None:
    """Nested groups, twice in groups, guests by mail; no disabled account, room or shared mailbox; the nameless one is told."""
    invite_all(world)
    ran = world.sync()
    directory = world.tenant.directory
    group = directory.find_group(LEADERS)
    assert group is not None
    users = [member for member in directory.transitive_members(group) if hasattr(member, "upn")]
    expected = {user.mail for user in users if user.enabled and user.mail and user.purpose.value == "user"}
    assert world.invited("lederdag/dag") == expected
    assert {"disabled", "shared", "room", "no mail"} == {
        name
        for name, found in {
            "disabled": [user for user in users if not user.enabled],
            "shared": [user for user in users if user.purpose.value == "shared"],
            "room": [user for user in users if user.is_room],
            "no mail": [user for user in users if not user.mail],
        }.items()
        if found
    }
    (nameless,) = (user.display_name for user in users if not user.mail)
    assert ran.json["without_address"] == [nameless]


def test_a_joiner_gets_the_invitation_and_nobody_else_a_mail(world: World) -> None:
    invite_all(world)
    world.sync()
    world.tenant.directory.add_person("Nye Leder", NEW, STAFF)
    ran = world.sync()
    assert [(change["action"], change["add"], change["remove"], change["reason"]) for change in ran.changes] == [
        ("invite", [NEW], [], "audience")
    ]
    assert ran.people_mailed == {("invitation", NEW): 1}
    assert [set(body_of(entry)) for entry in ran.writes] == [{"attendees"}]


@pytest.mark.parametrize("how", ["leaves the group", "account closed", "deleted"])
def test_a_leaver_gets_the_cancellation_and_nobody_else_a_mail(world: World, how: str) -> None:
    invite_all(world)
    world.tenant.directory.add_person("Nye Leder", NEW, STAFF)
    world.sync()
    match how:
        case "leaves the group":
            world.tenant.directory.leave(STAFF, NEW)
        case "account closed":
            world.tenant.directory.change_user(NEW, enabled=False)
        case _:
            world.tenant.directory.remove_user(NEW)
    ran = world.sync()
    assert ran.people_mailed == {("cancellation", NEW): 1}
    assert [(change["action"], change["remove"]) for change in ran.changes] == [("invite", [NEW])]


def test_joiners_and_leavers_of_a_day_ride_in_one_request(world: World) -> None:
    invite_all(world)
    world.sync()
    leaver = min(world.invited("lederdag/dag"))
    world.tenant.directory.change_user(leaver, enabled=False)
    world.tenant.directory.add_person("Nye Leder", NEW, STAFF)
    ran = world.sync()
    assert len(ran.writes) == 1
    assert ran.people_mailed == {("invitation", NEW): 1, ("cancellation", leaver): 1}


def test_a_past_event_does_not_learn_of_joiners(world: World) -> None:
    invite_all(world)
    world.sync()
    world.move_clock("2025-06-19T09:00:00+02:00")
    world.tenant.directory.add_person("Nye Leder", NEW, STAFF)
    assert world.sync().json["changes"] == []


def test_a_new_primary_address_mails_nobody(world: World) -> None:
    """The old one becomes an alias; the person stays on the event as they were invited, also after later changes."""
    invite_all(world)
    world.sync()
    person = min(world.invited("lederdag/dag"))
    world.tenant.directory.change_user(person, mail="nyt.efternavn@norddjurs.example")
    assert world.sync().mails == ()
    assert person in world.invited("lederdag/dag")
    world.tenant.directory.add_person("Nye Leder", NEW, STAFF)
    assert world.sync().people_mailed == {("invitation", NEW): 1}
    invite_all(world, title="Ny titel")
    assert world.sync().people_mailed[("update", person)] == 1
    assert world.sync().json["changes"] == []


def test_a_person_listed_under_an_alias_is_invited_once(world: World) -> None:
    world.tenant.directory.add_person("Nye Leder", NEW, STAFF, aliases=("nyl@alias.norddjurs.example",))
    audience = {"ledere": {"groups": [LEADERS], "people": [{"email": "NYL@alias.norddjurs.example"}]}}
    world.write(make_plan(make_course(), audiences=audience))
    assert world.sync().people_mailed["invitation", NEW] == 1
    assert not {address for address in world.invited("lederdag/dag") if "nyl@" in address}


def test_the_excluded_are_not_invited_by_group_or_by_address(world: World) -> None:
    invite_all(world)
    everybody = world.preview().changes[0]["add"]
    person, *others = everybody
    world.tenant.directory.join("barsel@norddjurs.example", others[0])
    exclude = ["barsel@norddjurs.example", person]
    world.write(make_plan(make_course(), audiences={"ledere": {"groups": [LEADERS], "exclude": exclude}}))
    world.sync()
    assert not world.invited("lederdag/dag") & {person, others[0]}
    assert len(world.invited("lederdag/dag")) < len(everybody) - 1


def test_a_session_with_an_audience_of_its_own_goes_to_them(world: World) -> None:
    audiences = {"ledere": people("a@x.example")["ledere"], "tr": people("t@x.example")["ledere"]}
    both, leaders = make_session("begge", audience=["ledere", "tr"]), make_session("ledere", "2025-06-19")
    synced(world, make_plan(make_course("kursus", both, leaders, optional_audience=["tr"]), audiences=audiences))
    kinds = {name: {one.address: one.type for one in world.event(f"kursus/{name}").attendees} for name in ("begge", "ledere")}
    assert kinds == {
        "begge": {"a@x.example": "required", "t@x.example": "required"},
        "ledere": {"a@x.example": "required", "t@x.example": "optional"},
    }


@pytest.mark.parametrize("how", ["unreadable", "emptied", "gone"])
def test_an_audience_that_is_unknown_leaves_its_courses_as_they_stand(world: World, how: str) -> None:
    """Exit 6: nothing of theirs moves, whatever the plan says now; a new course waits; other audiences go on."""
    audiences = {"ledere": {"groups": [LEADERS]}, "skole": {"groups": [SCHOOLS]}}
    stands, others = make_course("skole-a", audience="skole"), make_course("faelles", make_session(day="2025-06-19"))
    audiences["ledere"] = people("anna@norddjurs.example")["ledere"]
    synced(world, make_plan(stands, others, audiences=audiences))
    invited, version = world.invited("skole-a/dag"), world.event("skole-a/dag").version
    match how:
        case "unreadable":
            outage(world, SCHOOLS, 403)
        case "emptied":
            empty(world, SCHOOLS)
        case _:
            del world.tenant.directory.groups[group_id(world, SCHOOLS)]
            del world.tenant.directory._groups_by_mail[SCHOOLS]
    new = make_course("skole-b", make_session(day="2025-06-20"), audience="skole")
    world.write(make_plan(stands | {"title": "Nyt navn"}, others | {"title": "Nyt navn"}, new, audiences=audiences))
    preview = world.preview()
    ran = world.sync(code=6)
    assert {(change["session"], change["action"], change["outcome"]) for change in ran.changes} == {
        ("demo/faelles/main/dag", "update", "applied"),
        ("demo/skole-b/main/dag", "create", "held"),
    }
    assert preview.json["mails"] == ran.json["mails"] == 1
    assert ran.people_mailed == {("update", "anna@norddjurs.example"): 1}
    assert (world.invited("skole-a/dag"), world.event("skole-a/dag").version) == (invited, version)
    assert [group["group"] for group in ran.json["unknown_groups"]] == [SCHOOLS]
    assert SCHOOLS in world.run("preview").out


def test_when_the_audience_is_known_again_the_rest_is_done(world: World) -> None:
    invite_all(world)
    outage(world, LEADERS, 503)
    held = world.sync(code=6, GRAPH__RETRY_BUDGET_SECONDS="0")
    assert ([change["outcome"] for change in held.changes], held.json["mails"]) == (["held"], 0)
    world.tenant.faults.clear()
    assert world.sync().json["mails"] == 23


@pytest.mark.parametrize("where", ["groups", "exclude"])
def test_a_group_that_is_empty_the_first_time_it_is_asked_is_a_question_and_not_an_answer(world: World, where: str) -> None:
    """An excluded one too: whoever is missing from it would be invited. With members it is a group like any other."""
    tomme = "tomme@norddjurs.example"
    identity = world.tenant.directory.add_group("Tomme", tomme).id
    world.write(make_plan(make_course(), audiences={"ledere": {where: [tomme], "people": [{"email": NEW}]}}))
    for _ in range(2):
        held = world.sync(code=6)
        assert [(change["action"], change["outcome"]) for change in held.changes] == [("create", "held")]
        assert held.json["unknown_groups"] == [{"group": tomme, "reason": "first_empty"}]
        assert tomme in world.run("preview").out
        assert held.people_mailed == {}
    world.tenant.directory.add_person("En Afdeling", "en@norddjurs.example", STAFF)
    world.tenant.directory.join(identity, "en@norddjurs.example")
    assert world.sync().people_mailed["invitation", NEW] == 1


def test_a_group_among_the_people_is_told_and_asked_for_once_a_day(world: World) -> None:
    """It would be invited as one person; a leader listed by address is nobody to tell of, nor is anybody of another domain."""
    fuld = "fuld@norddjurs.example"
    world.tenant.directory.add_person("Ny Leder", NEW, STAFF)
    world.tenant.directory.add_group("Fuld", fuld, members=[NEW])
    listed = [{"email": address} for address in (fuld, NEW, "x@partner.example")]
    world.write(make_plan(make_course(), audiences={"ledere": {"people": listed}}))
    assert world.preview().json["groups_as_people"] == [fuld]
    shown = world.run("preview").out
    assert fuld in shown
    assert "Grupper" in shown
    asked = [entry for entry in world.sync().requests if entry.path.startswith("/groups")]
    again = [entry for entry in world.sync().requests if entry.path.startswith("/groups")]
    assert (len(asked), len(again)) == (1, 0)
    assert world.preview().json["groups_as_people"] == [fuld]


def odd_group(world: World) -> dict[str, object]:
    """A group of one leader, one guest, one who has left, a room, and two contacts of the address book."""
    odd, directory = "blandede@norddjurs.example", world.tenant.directory
    directory.add_group("Blandede", odd, members=["sal-1@norddjurs.example"])
    directory.add_person("Ny Leder", NEW, odd)
    directory.add_person("Gået Leder", "gaaet@norddjurs.example", odd, enabled=False)
    directory.add_user("Gæst Udefra", "gaest@partner.example", user_type="Guest", groups=[odd])
    for name in ("ole", "pia"):
        directory.add_contact(f"{name.title()} Udefra", f"{name}@firma.example", groups=[odd])
    return {"ledere": {"groups": [odd], "people": [{"email": "pia@firma.example"}]}}


def test_who_of_a_group_is_not_invited_is_told_with_what_to_write(world: World) -> None:
    """Contacts until they are written among the people; leavers and rooms by number; a preview asks once for each group."""
    world.write(make_plan(make_course(), audiences=odd_group(world)))
    ran = world.preview()
    told = {row["reason"]: (row["count"], [one["email"] for one in row["people"]]) for row in ran.json["left_out"]}
    assert told == {"closed": (2, []), "contact": (1, ["ole@firma.example"])}
    assert sum(entry.path.endswith("/transitiveMembers") for entry in ran.requests) == 1
    shown = world.run("preview").out
    assert "2 lukkede konti" in shown
    assert "Ole Udefra (ole@firma.example)" in shown
    assert "arket Personer" in shown
    assert "Gået Leder" not in shown
    synced = world.sync()
    assert set(synced.people_mailed) == {("invitation", one) for one in (NEW, "gaest@partner.example", "pia@firma.example")}
    assert not any(entry.path.endswith("/transitiveMembers") for entry in synced.requests), "a round does not ask"


def test_contacts_that_may_not_be_read_are_counted_and_the_right_that_shows_them_is_named(world: World) -> None:
    world.write(make_plan(make_course(), audiences=odd_group(world)))
    rights = ["Calendars.ReadWrite", "Calendars.Read", "GroupMember.Read.All", "User.Read.All"]
    world.tenant.settings.change({"roles": rights})
    (row,) = (row for row in world.preview().json["left_out"] if row["reason"] == "contact")
    assert (row["count"], row["people"]) == (2, [])
    shown = world.run("preview").out
    assert "2 kontakter" in shown
    assert "OrgContact.Read.All" in shown
    assert "firma.example" not in shown


def test_doctor_says_how_many_of_a_group_are_invited_and_names_nobody(world: World) -> None:
    world.write(make_plan(make_course(), audiences=odd_group(world)))
    (row,) = (row for row in world.run("doctor", "--format", "json").json["checks"] if row["check"] == "group")
    assert row["state"] == "ok"
    for words in ("2 medlemmer", "1 er gæst", "2 lukkede konti", "2 kontakter"):
        assert words in row["message"]
    assert "Udefra" not in row["message"]


def test_an_excluded_group_that_cannot_be_read_holds_the_audience_too(world: World) -> None:
    """Else those on leave would be invited."""
    audience = {"ledere": {"groups": [LEADERS], "exclude": ["barsel@norddjurs.example"]}}
    world.write(make_plan(make_course(), audiences=audience))
    outage(world, "barsel@norddjurs.example", 403)
    assert [change["outcome"] for change in world.sync(code=6).changes] == ["held"]


def test_only_the_audiences_of_live_courses_are_asked_for(world: World) -> None:
    """A misspelt group of a proposal is not today's trouble."""
    audiences = {"ledere": people(NEW)["ledere"], "andre": {"groups": ["findes-ikke@norddjurs.example"]}}
    synced(world, make_plan(make_course(), make_course("ide", audience="andre", status="proposed"), audiences=audiences))
    assert not any("findes-ikke" in str(entry) for entry in world.tenant.journal.entries)


def test_who_got_the_invitation_from_somebody_else_is_left_alone_and_listed(world: World) -> None:
    """A forwarded invitation: not removed, not mailed about joiners, told of changes as everybody, listed when they answer."""
    synced(world, make_plan(make_course(), audiences=people("anna@norddjurs.example")))
    guest = "gaest@partner.example"
    world.tenant.people.forward(world.event("lederdag/dag"), guest)
    assert world.sync().json["changes"] == []
    world.write(make_plan(make_course(), audiences=people("anna@norddjurs.example", NEW)))
    assert world.sync().people_mailed == {("invitation", NEW): 1}
    assert guest in world.invited("lederdag/dag")
    world.answer("lederdag/dag", guest, "accept")
    world.run("responses")
    row = world.registrations()["lederdag", guest]
    assert (row["status"], row["invited"], row["said"], row["cause"]) == ("declined", False, "registered", "outsider")
    assert guest in world.run("registrations").out
    world.write(make_plan(make_course(status="cancelled"), audiences=people("anna@norddjurs.example", NEW)))
    assert ("cancellation", guest) in world.sync().people_mailed
