"""Personal links from end to end: how long they live follows the plan, and they belong to a person."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.municipality import DOMAIN
from tests.e2e.asking import ADDRESS, SIGNUP, asked, begin, browser, signup, words
from tests.e2e.plans import make_course, make_plan, make_session, people
from tests.e2e.seats import ANNA, BO, CARL, WEB

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

GROUP, HER = f"hold@{DOMAIN}", f"lea@{DOMAIN}"


def opened(world: World, *links: str) -> list[int]:
    with browser(world) as client:
        return [client.get(link).status_code for link in links]


def mailed(world: World, person: str) -> str:
    """The link of the latest mail that this person got."""
    bodies = [one.html for one in world.tenant.messages.messages.values() if person in one.everybody and "/p/" in one.html]
    found = re.search(r'href="http://127[^"/]*(/p/[^"]*)"', bodies[-1])
    assert found
    return html.unescape(found[1])


def test_the_link_of_an_old_mail_lives_as_long_as_the_course_is_held_by_the_plan_of_today(world: World) -> None:
    """Moved from March to June: fourteen days after the old date it opens the page, and fourteen days after the new one no more."""
    begin(world, signup("2025-03-18"))
    old = mailed(world, ANNA)
    world.write(make_plan(signup("2025-06-18"), audiences=people(ANNA, BO)))
    world.sync()
    for day, status in (("2025-05-20", 200), ("2025-07-01", 200), ("2025-07-03", 410)):
        world.move_clock(f"{day}T10:00:00+02:00")
        assert opened(world, old, *asked(world, ANNA, "kursus")) == [status, status], day


def test_a_course_that_is_moved_to_an_earlier_day_takes_its_links_with_it(world: World) -> None:
    begin(world, signup("2025-09-18"))
    old = mailed(world, ANNA)
    world.write(make_plan(signup("2025-04-01"), audiences=people(ANNA, BO)))
    world.sync()
    world.move_clock("2025-04-20T10:00:00+02:00")
    assert opened(world, old) == [410]
    assert "hr@" in words(world, old)


@pytest.mark.parametrize("written", ["courses that left it", "no plan at all"])
def test_pages_follow_the_books_while_the_plan_is_held_or_cannot_be_read(world: World, written: str) -> None:
    """Nobody has approved that the course is gone, so nobody's page says so; also where the service begins anew meanwhile."""
    begin(world, signup("2025-06-18"))
    link = mailed(world, ANNA)
    before = words(world, link)
    assert "Kursus" in before
    if written == "no plan at all":
        world.plan_file.write_text("courses: [", "utf-8")
    else:
        world.write(make_plan(audiences=people(ANNA, BO)))
        assert world.run("run").code == 3
    assert words(world, link) == before
    assert opened(world, link.replace("/p/", "/p/x")) != [200]


def test_a_link_ends_when_the_person_leaves_and_says_whom_to_write_to(world: World) -> None:
    begin(world, signup("2025-06-18"))
    hers, his = mailed(world, ANNA), mailed(world, BO)
    world.write(make_plan(signup("2025-06-18"), audiences=people(BO)))
    world.sync()
    assert opened(world, hers, his) == [410, 200]
    told = words(world, hers)
    assert "Du står ikke længere blandt dem" in told
    assert f"hr@{DOMAIN}" in told
    assert "Kursus" not in told
    ran = world.run("link", ANNA)
    assert (ran.code, "hører ikke længere til" in ran.err) == (2, True)
    world.write(make_plan(signup("2025-06-18"), audiences=people(ANNA, BO)))
    world.sync()
    assert opened(world, hers) == [200], "who comes back has the page back"


def test_a_seat_that_hr_gave_keeps_the_page_until_the_course_is_over(world: World) -> None:
    """Somebody from outside the audiences."""
    begin(world, signup("2025-06-18"), audiences=people(ANNA, BO))
    assert world.run("enrol", "kursus", ANNA).code == 0
    link = mailed(world, ANNA)
    assert opened(world, link) == [200]


def hand_address_over(world: World, address: str, name: str) -> None:
    """Whoever had the address leaves, account and all, and somebody else is given it."""
    directory = world.tenant.directory
    (old,) = [user for user in directory.users.values() if address in user.addresses]
    directory.leave(GROUP, address)
    del directory.users[old.id], directory._by_address[address]
    directory.add_person(name, address, GROUP, upn=f"ny.{address}")


def test_who_inherits_an_address_gets_nothing_of_the_links(world: World) -> None:
    """Lea leaves, and the next one of that name gets the address: her mails open nothing, and his own link opens his page."""
    world.tenant.directory.add_group("Hold", GROUP)
    world.tenant.directory.add_person("Lea Prøve", HER, GROUP)
    world.tenant.directory.add_person("Bo Stabil", f"bo.stabil@{DOMAIN}", GROUP)
    audience = {"audiences": {"ledere": {"groups": [GROUP]}}}
    begin(world, signup("2025-06-18"), **audience)
    hers = mailed(world, HER)
    assert opened(world, hers) == [200]
    hand_address_over(world, HER, "Lea Efterfølger")
    world.sync()
    (his,) = asked(world, HER, "kursus")
    assert opened(world, hers, his) == [410, 200]
    assert "Efterfølger" in words(world, his)
    assert "Efterfølger" not in words(world, hers)


def test_hr_renews_one_persons_links_and_nobody_elses(world: World) -> None:
    begin(world, signup("2025-06-18"))
    hers, his, earlier = mailed(world, ANNA), mailed(world, BO), asked(world, ANNA)
    ran = world.run("link", ANNA, "kursus", "--renew")
    assert (ran.code, "holdt op med at virke" in ran.err) == (0, True)
    (new,) = ADDRESS.findall(ran.out)
    assert opened(world, hers, *earlier, new, *asked(world, ANNA), his) == [410, 410, 200, 200, 200]
    assert "Linket er skiftet ud" in words(world, hers)
    again = asked(world, ANNA, "--renew")
    assert opened(world, new, *again) == [410, 200]


def test_without_a_course_all_of_the_persons_are_listed_and_without_an_address_it_is_explained(world: World) -> None:
    world.settings |= WEB
    other = make_course("andet", make_session(day="2025-06-20"), title="Andet kursus", audience="andre", enrolment=SIGNUP)
    draft = make_course("kladde", make_session(day="2025-06-21"), status="draft")
    groups = people(ANNA) | {"andre": {"people": [{"email": ANNA}, {"email": BO}]}}
    world.write(make_plan(signup("2025-06-18"), other, draft, audiences=groups))
    world.sync()
    told = world.run("link", ANNA).out.splitlines()
    assert [line for line in told if not line.startswith("  ")] == ["Kursus (kursus)", "Andet kursus (andet)"]
    assert opened(world, *ADDRESS.findall("\n".join(told))) == [200, 200]
    assert [line for line in world.run("link", BO).out.splitlines() if not line.startswith("  ")] == ["Andet kursus (andet)"]
    for arguments, said in (
        ((), "Skriv, hvem linket er til"),
        ((ANNA, "findes-ikke"), "Der er intet kursus »findes-ikke«"),
        (("ukendt@partner.example",), "Ingen af dem, vi kender"),
    ):
        ran = world.run("link", *arguments)
        assert (ran.code, said in ran.err) == (2, True), ran.err


@pytest.mark.parametrize("secret", ["en-anden-hemmelighed-som-kun-findes-i-test"])
def test_the_feeds_link_lives_with_the_plan_and_can_be_renewed(world: World, secret: str) -> None:
    begin(world, signup("2025-06-18"))
    (feed,) = asked(world, "--feed")
    world.move_clock("2026-06-01T10:00:00+02:00")
    assert opened(world, feed) == [200]
    (new,) = asked(world, "--feed", "--renew")
    assert opened(world, feed, new, new.replace("/feed/", "/p/")) == [404, 200, 404]
    world.move_clock("2026-07-01T10:00:00+02:00")
    assert opened(world, new) == [404]
    (foreign,) = ADDRESS.findall(world.run("link", "--feed", WEB__SECRET_KEY=secret).out)
    assert opened(world, foreign) == [404]


def test_a_feed_of_one_audience_lives_with_the_audience(world: World) -> None:
    both = people(ANNA, BO) | {"andre": {"people": [{"email": CARL}]}}
    begin(world, signup("2025-06-18"), audiences=both)
    (whole,), (leaders,), (others,) = (
        asked(world, "--feed", *arguments) for arguments in ((), ("--audience", "ledere"), ("--audience", "andre"))
    )
    with browser(world) as client:
        assert [client.get(one).text.count("BEGIN:VEVENT") for one in (whole, leaders, others)] == [1, 1, 0]
    world.write(make_plan(signup("2025-06-18"), audiences=people(ANNA, BO)))
    assert opened(world, whole, leaders, others) == [200, 200, 404]
    for arguments, said in ((("--feed", "--audience", "andre"), "Kendte målgrupper: ledere"), (("--audience", "ledere"), "--feed")):
        ran = world.run("link", *arguments)
        assert (ran.code, said in ran.err) == (2, True), ran.err


def test_hr_and_directors_have_the_whole_year_by_links_of_their_own_that_are_renewed_alone(world: World) -> None:
    """Also what is proposed, undecided or without a date, with how many come and nobody's name; by HR each number."""
    undated = make_course("netvaerk", {"id": "dag", "period": "2025-H2"}, status="proposed", title="Netværk")
    if_money = make_course("ekstra", make_session(day="2025-09-10"), title="Ekstra hold", when="midler")
    listed = make_course("miljoe", make_session(day="2025-10-02"), status="listed", title="Arbejdsmiljødag")
    question = {"midler": {"question": "Er der midler?", "value": "undecided"}}
    world.settings |= WEB
    world.write(make_plan(signup("2025-06-18"), undated, if_money, listed, audiences=people(ANNA, BO), assumptions=question))
    world.sync()
    world.run("enrol", "kursus", ANNA)
    (everybody,), (hr,), (directors,) = (asked(world, "--feed", *more) for more in ((), ("--for", "hr"), ("--for", "directors")))
    with browser(world) as client:
        feeds = [client.get(one).text.replace("\r\n ", "").replace("\\", "") for one in (everybody, hr, directors)]
    for title in ("Netværk (Foreslået)", "Ekstra hold (Godkendt)", "Arbejdsmiljødag (Til orientering)", "Senest i dag: Er der midler?"):
        assert [title in one for one in feeds] == [False, True, True]
    assert ["Tilmeldt: 1 af 5" in one for one in feeds] == [False, True, True]
    assert ["Ikke svaret" in one for one in feeds] == [False, True, False]
    for one in feeds:
        assert not [email for email in (ANNA, BO) if email in one or email.partition("@")[0].title() in one]
    (new,) = asked(world, "--feed", "--for", "directors", "--renew")
    assert opened(world, everybody, hr, directors, new) == [200, 200, 404, 200]
    asked(world, "--feed", "--renew")
    assert opened(world, everybody, hr, new) == [404, 200, 200]
    ran = world.run("link", "--feed", "--for", "hr", "--renew", "--dry-run")
    assert (ran.code, "som HR abonnerer på" in ran.out, opened(world, hr)) == (0, True, [200])
    ran = world.run("link", ANNA, "--for", "hr")
    assert (ran.code, "--for hører til --feed" in ran.err) == (2, True)


def test_the_year_of_one_audience_has_what_is_for_it_also_what_only_stands_for_information(world: World) -> None:
    """And on somebody's own page nothing of it stands: nobody is invited from here, so there is nothing to answer."""
    both = people(ANNA, BO) | {"andre": {"people": [{"email": CARL}]}}
    listed = make_course("miljoe", make_session(day="2025-10-02"), status="listed", title="Arbejdsmiljødag", audience="andre")
    world.settings |= WEB
    world.write(make_plan(signup("2025-06-18"), listed, audiences=both))
    world.sync()
    (leaders,), (others,) = (asked(world, "--feed", "--for", "hr", "--audience", one) for one in ("ledere", "andre"))
    with browser(world) as client:
        titles = [
            [title in client.get(one).text.replace("\r\n ", "") for title in ("Kursus (", "Arbejdsmiljødag (")] for one in (leaders, others)
        ]
    assert titles == [[True, False], [False, True]]
    (page,) = asked(world, ANNA, "kursus")
    assert "Arbejdsmiljødag" not in words(world, page)
    assert world.run("link", CARL).code == 2


PLACE = {"name": "Ny sal", "address": "Torvet 2"}


def news(ran: Ran) -> list[tuple[str, str]]:
    return sorted((mail.to.partition("@")[0], mail.subject) for mail in ran.mails if mail.kind.value == "message")


@pytest.mark.parametrize(
    ("change", "lead"),
    [
        ({"sessions": [make_session(day="2025-06-25")]}, "Ændret"),
        ({"sessions": [make_session(venue=PLACE)]}, "Ændret"),
        ({"status": "cancelled", "cancel_reason": "For få tilmeldte"}, "Aflyst"),
    ],
    ids=["a new date", "another place", "cancelled"],
)
def test_who_was_asked_to_sign_up_is_told_once_what_becomes_of_it(world: World, change: dict[str, object], lead: str) -> None:
    """Nobody is on the event yet; who has a seat is told by Outlook, and who joins later is asked to what there is."""
    audience = people(ANNA, BO, CARL)
    begin(world, signup("2025-06-18"), audiences=audience)
    assert world.run("enrol", "kursus", CARL).code == 0
    world.run("responses")
    world.write(make_plan(signup("2025-06-18", **change), audiences=audience))
    told = news(world.sync())
    assert told == [("anna", f"{lead}: Kursus"), ("bo", f"{lead}: Kursus")]
    assert news(world.run("responses")) == news(world.sync()) == []


def test_the_page_of_a_course_that_waits_to_be_removed_still_opens(world: World) -> None:
    """What nobody has approved has not happened: not on the pages either."""
    begin(world, signup("2025-06-18"))
    link = mailed(world, ANNA)
    world.write(make_plan(make_course("andet", enrolment=SIGNUP), audiences=people(ANNA, BO)))
    world.run("run", APPROVAL="plan")
    assert opened(world, link) == [200]


def test_a_link_in_an_old_mail_opens_the_course_under_its_new_id(world: World) -> None:
    begin(world, signup("2025-06-18"))
    link = mailed(world, ANNA)
    world.write(make_plan(signup("2025-06-18") | {"id": "nyt-navn", "was": "kursus"}, audiences=people(ANNA, BO)))
    world.sync()
    assert opened(world, link) == [200]


def test_a_link_in_an_old_mail_opens_the_course_however_often_course_and_plan_were_renamed(world: World) -> None:
    """The plan says only what each was called last; the books know the rest."""
    begin(world, signup("2025-06-18"))
    link = mailed(world, ANNA)
    names = [("kursus", "demo"), ("andet-navn", "andet-id"), ("tredje-navn", "tredje-id")]
    for (was, plan_was), (course, plan) in pairwise(names):
        world.plans = (*world.plans, plan)
        renamed = signup("2025-06-18") | {"id": course, "was": was}
        world.write(make_plan(renamed, audiences=people(ANNA, BO), id=plan, was=plan_was))
        world.sync()
        world.write(make_plan(signup("2025-06-18") | {"id": course}, audiences=people(ANNA, BO), id=plan))
        world.sync()
        assert opened(world, link) == [200]
    assert "andet-navn" not in words(world, link)
