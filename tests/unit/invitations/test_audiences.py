"""Who belongs to an audience: groups, lists, excludes, aliases, and when nobody can tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.errors import PermissionMissing
from bot.domain.people import Audience, Language, PeopleIndex, UnknownGroup, UnknownReason
from bot.domain.plan import CourseStatus
from bot.invitations.audiences import GroupAnswer, good_counts, group_names, known_people, live_rules, merged_people, resolve_audiences
from tests.builders.samples import ORGANISER, address, make_course, make_person, make_plan, make_rule, make_session

DENIED = PermissionMissing("graph_permission_missing", status=403)

ALL, TR, LEAVE = "alle@demo.example", "tr@demo.example", "barsel@demo.example"


def resolve(rule=None, answers=None, remembered=None, *others):
    """The audience `ledere` by this rule and these answers (names or people by group)."""
    plan = make_plan(
        make_course(audience=("ledere", *(other.id for other in others))), audiences=(rule or make_rule(groups=[ALL]), *others)
    )
    given = {group: members if isinstance(members, GroupAnswer) else answer(*members) for group, members in (answers or {}).items()}
    return resolve_audiences(plan, given, remembered or {})["ledere"]


def answer(*members):
    return GroupAnswer(members=tuple(make_person(one) if isinstance(one, str) else one for one in members))


def emails(audience):
    return [one.email.partition("@")[0] for one in audience.people]


# -- whom


def test_the_members_of_all_groups_and_the_people_listed_belong_each_once_by_address():
    rule = make_rule(groups=[ALL, TR], people=[make_person("gæst", listed=True)])
    audience = resolve(rule, {ALL: ["bo", "anna"], TR: ["anna", "cilla"]})
    assert emails(audience) == ["anna", "bo", "cilla", "gæst"]
    assert audience.is_known


def test_somebody_listed_by_an_alias_is_the_person_of_the_directory():
    """The directory's address is the one to invite."""
    rule = make_rule(groups=[ALL], people=[make_person("b.hansen", listed=True)])
    assert emails(resolve(rule, {ALL: [make_person("bo", aliases=["b.hansen"])]})) == ["bo"]


def test_the_language_that_the_plan_gives_wins_and_the_name_of_the_directory_stays():
    rule = make_rule(groups=[ALL], people=[make_person("bo", listed=True, name="B", language=Language.EN)])
    (bo,) = resolve(rule, {ALL: [make_person("bo", language=Language.DA, department="Skole")]}).people
    assert (bo.language, bo.name, bo.department, bo.directory_id) == (Language.EN, "Bo", "Skole", "id-bo")


def test_a_plan_that_gives_no_language_leaves_the_directorys():
    rule = make_rule(groups=[ALL], people=[make_person("bo", listed=True)])
    assert resolve(rule, {ALL: [make_person("bo", language=Language.EN)]}).people[0].language is Language.EN


def test_a_guest_is_invited_like_anybody():
    guest = make_person("gæst@partner.example", aliases=["gæst_partner.example#ext#@demo.example"])
    assert resolve(answers={ALL: [guest]}).people == (guest,)


def test_two_accounts_with_one_address_are_one_invitation():
    """A member who is a guest as well, or entered twice: the invitation goes to the address."""
    twice = [make_person("bo", directory_id="1"), make_person("bo", directory_id="2")]
    assert emails(resolve(answers={ALL: twice})) == ["bo"]
    assert resolve(answers={ALL: twice}) == resolve(answers={ALL: twice[::-1]})


def test_the_organiser_is_not_invited_to_its_own_event():
    rule = make_rule(groups=[ALL], people=[make_person("kurser-alias", listed=True)])
    mailbox = make_person(ORGANISER, aliases=["kurser-alias"])
    assert emails(resolve(rule, {ALL: ["anna", mailbox]})) == ["anna"]


def test_members_without_an_address_are_named():
    given = GroupAnswer(members=(make_person("anna"), "Uden Adresse", "Heller Ikke"))
    audience = resolve(answers={ALL: given})
    assert (emails(audience), audience.without_address, audience.is_known) == (["anna"], ("Heller Ikke", "Uden Adresse"), True)


# -- excluded


def test_an_excluded_person_stays_out_under_any_address():
    rule = make_rule(groups=[ALL], exclude=[address("b.hansen")])
    assert emails(resolve(rule, {ALL: ["anna", make_person("bo", aliases=["b.hansen"])]})) == ["anna"]


def test_an_excluded_group_stays_out_under_any_address():
    rule = make_rule(groups=[ALL], exclude=[LEAVE])
    members = [make_person("bo", aliases=["b.hansen"]), "anna"]
    assert emails(resolve(rule, {ALL: members, LEAVE: [make_person("b.hansen", directory_id=None)]})) == ["anna"]


def test_an_excluded_address_that_is_nobody_excludes_nobody():
    """A misspelt address must be told: those it should have kept out are invited."""
    audience = resolve(make_rule(groups=[ALL], exclude=[address("ingen")]), {ALL: ["anna"]})
    assert (emails(audience), audience.unmatched) == (["anna"], (address("ingen"),))


def test_an_excluded_member_without_an_address_is_not_asked_for_one():
    rule = make_rule(groups=[ALL], exclude=[LEAVE])
    assert resolve(rule, {ALL: ["anna"], LEAVE: GroupAnswer(members=("Uden Adresse",))}).without_address == ()


# -- unknown


@pytest.mark.parametrize(
    ("given", "remembered", "unknown"),
    [
        (answer("anna"), 400, ()),
        (answer(), 0, ()),
        (answer(), None, (UnknownGroup(group=ALL, reason=UnknownReason.FIRST_EMPTY),)),
        (answer(), 400, (UnknownGroup(group=ALL, reason=UnknownReason.EMPTIED),)),
        (GroupAnswer(error=DENIED), 0, (UnknownGroup(group=ALL, reason=UnknownReason.UNREADABLE, error=DENIED),)),
        (GroupAnswer(error=DENIED), None, (UnknownGroup(group=ALL, reason=UnknownReason.UNREADABLE, error=DENIED),)),
        (GroupAnswer(error=DENIED), 400, (UnknownGroup(group=ALL, reason=UnknownReason.UNREADABLE, error=DENIED),)),
        (answer("anna"), None, ()),
    ],
    ids=[
        "members",
        "known to be empty",
        "empty the first time",
        "suddenly empty",
        "unreadable",
        "unreadable the first time",
        "unreadable now",
        "new",
    ],
)
@pytest.mark.parametrize("excluded", [False, True])
def test_each_row_of_the_table(given, remembered, unknown, excluded):
    """Also for a group that is excluded: without it we would invite those who asked to be left alone."""
    rule = make_rule(people=[make_person("eva", listed=True)], **{"exclude" if excluded else "groups": [ALL]})
    audience = resolve(rule, {ALL: given}, {} if remembered is None else {ALL: remembered})
    assert audience.unknown == unknown
    assert audience.is_known is not bool(unknown)


def test_one_unknown_group_makes_its_audience_unknown_and_no_other():
    others = make_rule("andre", groups=[TR])
    plan = make_plan(make_course(audience=("ledere", "andre")), audiences=(make_rule(groups=[ALL, TR]), others))
    found = resolve_audiences(plan, {ALL: GroupAnswer(error=DENIED), TR: answer("anna")}, {})
    assert (found["ledere"].is_known, found["andre"].is_known) == (False, True)
    assert emails(found["ledere"]) == ["anna"]


@pytest.mark.parametrize(
    ("given", "remembered", "kept"),
    [
        (answer("anna", "bo"), {}, {ALL: 2}),
        (answer("anna"), {ALL: 400}, {ALL: 1}),
        (answer(), {ALL: 0}, {ALL: 0}),
        (answer(), {}, {}),
        (answer(), {ALL: 400}, {}),
        (GroupAnswer(error=DENIED), {ALL: 400}, {}),
    ],
    ids=["members", "fewer members", "known to be empty", "empty the first time", "suddenly empty", "unreadable"],
)
def test_a_count_is_remembered_of_a_group_that_is_known(given, remembered, kept):
    assert good_counts({ALL: given}, remembered) == kept


# -- which groups


def test_the_groups_of_courses_that_invite_are_read_excluded_ones_too():
    plan = make_plan(
        make_course("a", make_session(audience=("session",), optional_audience=("session-valgfri",)), audience=("kursus",)),
        make_course("b", status=CourseStatus.SAVE_THE_DATE, audience=(), optional_audience=("valgfri",)),
        audiences=[
            make_rule("kursus", groups=[ALL, TR], exclude=[LEAVE, address("bo")], people=[make_person("bo", listed=True)]),
            *(make_rule(name, groups=[f"{name}@demo.example"]) for name in ("session", "session-valgfri", "valgfri", "ubrugt")),
        ],
    )
    assert group_names(plan) == (ALL, LEAVE, "session-valgfri@demo.example", "session@demo.example", TR, "valgfri@demo.example")
    assert [rule.id for rule in live_rules(plan)] == ["kursus", "session", "session-valgfri", "valgfri"]


@pytest.mark.parametrize("status", [CourseStatus.DRAFT, CourseStatus.PROPOSED, CourseStatus.CANCELLED])
def test_the_groups_of_courses_that_invite_nobody_are_not_read(status):
    """A closed group of a cancelled course is no reason to stop."""
    plan = make_plan(make_course(status=status))
    assert group_names(plan) == ()
    assert resolve_audiences(plan, {}, {}) == {}


# -- one person, many addresses


def test_the_same_directory_id_is_the_same_person_under_a_new_address():
    married, before = make_person("anna-berg", directory_id="1"), make_person("anna", directory_id="1", aliases=["a"])
    (merged,) = merged_people([married, before])
    assert (merged.email, merged.aliases) == (address("anna-berg"), {address("anna"), address("a")})


def test_another_directory_id_is_another_person_also_with_a_common_alias():
    """Else one of the two would never be invited."""
    anna, bo = make_person("anna", aliases=["skolen"]), make_person("bo", aliases=["skolen"])
    assert merged_people([anna, bo]) == (anna, bo)
    assert emails(resolve(answers={ALL: [anna, bo]})) == ["anna", "bo"]


def test_an_address_that_passed_on_to_somebody_else_is_theirs():
    """The former owner is still known by it in our books."""
    anna, bo, once = make_person("anna", directory_id="1"), make_person("leder", directory_id="2"), make_person("leder", directory_id="1")
    index = PeopleIndex(merged_people([anna, bo, once]))
    assert (index.canonical(address("leder")), index.canonical(address("anna"))) == (address("leder"), address("anna"))


def test_a_name_an_id_and_a_department_are_taken_from_whoever_has_them():
    bare = make_person("bo", listed=True, name="")
    (merged,) = merged_people([bare, make_person("bo", department="Skole")])
    assert (merged.name, merged.directory_id, merged.department) == ("Bo", "id-bo", "Skole")


def test_known_people_are_everybody_once_by_address():
    anna, bo = make_person("anna"), make_person("bo")
    audiences = [Audience(id="a", people=(bo,)), Audience(id="b", people=(anna, bo))]
    assert known_people(audiences) == (anna, bo)


def test_the_order_of_rules_groups_and_members_does_not_matter():
    rules = [make_rule(groups=[ALL, TR], people=[make_person("x", listed=True, language=Language.EN)]), make_rule("b", groups=[TR, ALL])]
    rules[1] = replace(rules[1], people=(make_person("x", listed=True, language=Language.DA, name="Andet"),))
    answers = {ALL: answer("anna", make_person("bo", aliases=["x"])), TR: answer("cilla", make_person("bo", aliases=["x"], name="B"))}
    plan = make_plan(make_course(audience=("ledere", "b")), audiences=rules)
    turned = replace(plan, audiences=plan.audiences[::-1])
    turned_answers = {group: GroupAnswer(members=answers[group].members[::-1]) for group in (TR, ALL)}
    assert resolve_audiences(plan, answers, {}) == resolve_audiences(turned, turned_answers, {})
