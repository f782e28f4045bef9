"""HR's own words from the plan to what people really received, and what an edit of them does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.messages.plain_text import text_of
from tests.e2e.desk_driver import HR, at_the_desk, write_plan
from tests.e2e.plans import make_course, make_plan, make_session
from tests.e2e.reminders import RULES, begin, course
from tests.e2e.seats import ANNA, EVERYBODY, answer, subjects

if TYPE_CHECKING:
    from tests.e2e.driver import World

OPENING = {"message": "invitation", "opening": "**Kom glad.** Svar senest {svarfrist}."}
CLOSING = {"message": "practical", "closing": "Parkér ved {sted}, {navn}.\nRing til {kontakt}."}
OTHER = make_course("andet", make_session(day="2025-06-25"), venue={"name": "Salen"})


PEOPLE = {"ledere": {"people": [{"email": ANNA, "name": "Anna Prøve"}, *({"email": one} for one in EVERYBODY if one != ANNA)]}}


def with_words(*courses: dict[str, object], **changes: object) -> dict[str, object]:
    return make_plan(*courses, **({"audiences": PEOPLE, "holidays": "DK", "reminders": RULES} | changes))


def told(world: World) -> str:
    (mail,) = [one.html for one in world.tenant.messages.messages.values() if one.subject.startswith("Praktisk")]
    return text_of(mail)


def test_a_course_invites_and_reminds_with_hrs_words_around_ours(world: World) -> None:
    """The invitation begins with HR's words and the reminder ends with them; a course without any has none."""
    begin(world, course(texts=[OPENING, CLOSING], venue={"name": "Kulturhuset"}), OTHER, audiences=PEOPLE)
    invitation, other = (text_of(world.event(key).html) for key in ("kursus/dag", "andet/dag"))
    assert invitation.startswith("Kom glad. Svar senest onsdag den 4. juni 2025 kl.")
    assert "Sig ja eller nej med knapperne" in invitation
    assert "glad" not in other
    answer(world, "kursus/dag", ANNA, "accept")
    world.run("responses")
    world.move_clock("2025-06-11T09:00:00+02:00")
    assert subjects(world.run("send")) == [("anna", "Praktisk om Kursus")]
    reminder = told(world)
    assert reminder.index("Her er det praktiske") < reminder.index("Parkér ved Kulturhuset, Anna")
    assert reminder.index("Ring til hr@") < reminder.index("Er du i tvivl")
    assert world.sync().people_mailed == {}, "the same words are no change"


def test_changed_words_in_an_invitation_wait_and_mail_once_and_in_a_reminder_mail_nobody(world: World) -> None:
    """What the plan says for all courses is an edit of those that have it, and of no other."""
    own = course(texts=[{"message": "invitation", "closing": "Kun her."}])
    begin(world, own, OTHER, audiences=PEOPLE)
    world.settings["APPROVAL"] = "plan"
    assert world.run("run").people_mailed == {}
    reminding = {"message": "practical", "opening": "Husk madpakke."}
    world.write(with_words(own, OTHER, texts=[reminding]))
    assert (world.preview().changes, world.run("run").code) == ([], 0)
    world.write(with_words(own, OTHER, texts=[OPENING | {"opening": "Kom glad."}, reminding]))
    (change,) = world.preview().changes
    assert (change["course"], change["fields"], change["approval"]) == ("andet", ["body"], "needed")
    waiting = world.run("run")
    assert (waiting.code, waiting.people_mailed) == (3, {})
    assert "glad" not in text_of(world.event("andet/dag").html)
    assert world.run("approve", world.preview().json["checksum"]).code == 0
    carried = world.run("run")
    assert sum(carried.people_mailed.values()) == change["mails"] > 0
    assert text_of(world.event("andet/dag").html).startswith("Kom glad.")
    assert "glad" not in text_of(world.event("kursus/dag").html)
    assert world.run("run").people_mailed == {}


def test_moving_a_session_changes_no_word_of_the_invitation(world: World) -> None:
    texts = [OPENING | {"closing": "{organisation} {kontakt}"}]
    begin(world, course(texts=texts), audiences=PEOPLE)
    world.write(with_words(course(make_session(day="2025-06-19"), texts=texts)))
    (change,) = world.preview().changes
    assert sorted(change["fields"]) == ["end", "start"]


def test_a_field_where_it_cannot_stand_stops_everything_with_its_place(world: World) -> None:
    begin(world, course())
    world.write(with_words(course(texts=[{"message": "invitation", "opening": "Den {dato}"}])))
    checked = world.run("check")
    assert (checked.code, "{dato} kan ikke stå i en invitation" in checked.out) == (2, True)
    assert "courses[0].texts[0].opening" in checked.out
    assert world.run("sync", "--yes").code == 2


def test_hr_tries_words_at_the_desk_and_nothing_is_kept_or_sent(world: World) -> None:
    """The mail with what was typed, beside what can be filled in; a mistake stands beside its field; hostile words are words."""
    write_plan(world, texts=[CLOSING])

    async def story(_service, person) -> None:
        hr = await person(HR)
        before = len(world.tenant.mail_log.mails)
        plan_page = await asyncio.to_thread(hr.read, "/plan")
        assert "/plan/texts" in plan_page
        page = await asyncio.to_thread(hr.read, "/plan/texts?message=practical")
        assert ("Parkér ved {sted}, {navn}." in page, "{hold}" in page, "Her er det praktiske" in page) == (True, True, True)
        assert "arket Tekster" in page
        asked = {"course": "lederdag", "message": "invitation", "language": "da"}

        def say(**words: str) -> tuple[int, str]:
            sent = hr.send("/plan/texts", page, **asked, **words)
            return sent.status_code, sent.text

        code, shown = await asyncio.to_thread(lambda: say(opening="**Kom glad**", closing="Skriv til {kontakt}"))
        assert (code, "<strong>Kom glad</strong>" in shown, "Skriv til hr@" in shown) == (200, True, True)
        code, shown = await asyncio.to_thread(lambda: say(opening="Den {dato}", closing="Ses"))
        assert (code, "{dato} kan ikke stå i en invitation" in shown, "Kom glad" in shown) == (422, True, False)
        code, shown = await asyncio.to_thread(lambda: say(opening="<script>alert(1)</script> [x](javascript:alert(1))"))
        assert (code, "<script>alert(1)" in shown, 'href="javascript' in shown) == (200, False, False)
        assert hr.browser.post("/plan/texts", data=asked).status_code == 403
        assert len(world.tenant.mail_log.mails) == before
        assert "Kom glad" not in world.plan_file.read_text(encoding="utf-8")

    at_the_desk(world, story)
