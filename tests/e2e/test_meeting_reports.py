"""Who was in the Teams meeting is read from its reports: late, in parts, once, and not without right and policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.opening.stores import open_stores
from bot.sandbox.meeting_endpoints import hold_meeting
from config.settings import Settings
from tests.e2e.as_it_was import AsItWas, played_once
from tests.e2e.driver import mail_of
from tests.e2e.killing import SWEPT, killed_at_each
from tests.e2e.plans import make_course, make_plan, people

if TYPE_CHECKING:
    from tests.e2e.driver import Ran, World

NAMES = ("ada", "bea", "cia", "dan")
ADA, BEA, CIA, DAN = map(mail_of, NAMES)
HR = mail_of("hr")
READ = ("jobs", "run", "read_meetings")
DAY = "2025-06-18"
ENDS, SOON, HOUR, NEXT_DAY, WEEK = (
    f"{DAY}T12:05:00+02:00", f"{DAY}T12:31:00+02:00", f"{DAY}T13:31:00+02:00", "2025-06-19T12:31:00+02:00", "2025-06-25T11:30:00+02:00",
)  # fmt: skip
RIGHTS = ["User.Read.All", "GroupMember.Read.All", "Calendars.ReadWrite", "MailboxSettings.Read", "Mail.ReadWrite", "Mail.Send"]
WITH_RIGHT = [*RIGHTS, "OnlineMeetings.Read.All", "OnlineMeetingArtifact.Read.All"]


@played_once
def set_up(world: World, **course: Any) -> None:
    """Ada, Bea, Cia and Dan have a seat in an online session from nine to noon."""
    for name in NAMES:
        world.tenant.directory.add_person(name.capitalize(), mail_of(name))
    world.settings = {"TEAMS__ATTENDANCE_REPORTS": "true"}
    world.write(make_plan(make_course(**({"online": True} | course)), audiences=people(ADA, BEA, CIA, DAN)))
    world.sync()
    for address in (ADA, BEA, CIA, DAN):
        world.answer("lederdag/dag", address, "accept")
    assert world.run("responses").code == 0


@pytest.fixture
def online(world: World) -> World:
    set_up(world)
    return world


def wall(time: str, day: str = DAY) -> str:
    return f"{day}T{time}:00+02:00"


def hold(world: World, *present: Any, start: str = "08:50", end: str = "12:02", day: str = DAY) -> None:
    """Somebody by address, a guest by name, each with when they were there."""
    body = {"start": wall(start, day), "end": wall(end, day)}
    told = [{"person" if "@" in who else "name": who, "times": [[wall(a, day), wall(b, day)] for a, b in times]} for who, *times in present]
    hold_meeting(world.tenant, world.event("lederdag/dag"), body | {"people": told})


def asked(ran: Ran) -> list[str]:
    """What was asked of meetings, by the last word of the path that is no id."""
    words = [entry.path.split("/") for entry in ran.requests if "/onlineMeetings" in entry.path]
    return [next(word for word in reversed(path) if word.startswith(("online", "attendance"))) for path in words]


def status(world: World) -> list[str]:
    rows = world.registrations()
    return [rows["lederdag", address]["status"] for address in (ADA, BEA, CIA, DAN)]


def read(world: World, wall: str) -> Ran:
    world.move_clock(wall)
    return world.run(*READ)


def words(world: World) -> list[tuple[str, str, int | None]]:
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        return sorted((one.who.partition("@")[0], one.said.value, one.minutes) for one in stores.attendance.load_words("demo"))


def say(world: World, who: str, source: AttendanceSource) -> None:
    """Somebody else says that they came."""
    with open_stores(Settings(database_url=f"sqlite:///{world.database_file}")) as stores:
        word = AttendanceWord(
            plan="demo", key=f"{source}{who}", course="lederdag", offering="main", session="dag", email=who, said=AttendanceSaid.CAME,
            source=source, at=world.now, noted_at=world.now,
        )  # fmt: skip
        stores.attendance.add([word])


def test_who_was_there_long_enough_has_come_and_each_report_is_read_once(online: World) -> None:
    hold(
        online, (ADA, ("08:50", "12:00")), (BEA, ("09:00", "10:00")), (CIA, ("09:00", "10:20")), (CIA, ("10:10", "11:00")),
        ("Gerda Gæst", ("09:00", "12:00")), ("Kort Gæst", ("09:00", "09:10")), (HR, ("08:50", "12:02"))
    )  # fmt: skip
    early, first, again = read(online, ENDS), read(online, SOON), read(online, HOUR)
    assert asked(early) == asked(again) == []
    assert asked(first) == ["onlineMeetings", "attendanceReports", "attendanceReports"]
    assert words(online) == [("ada", "came", 180), ("bea", "absent", 60), ("cia", "came", 120), ("name:gerda gæst", "came", 180)]
    assert status(online) == ["attended", "no_show", "attended", "registered"], "Dan may have sat beside a colleague"
    assert not first.mails


def test_without_a_setting_or_a_threshold_nothing_is_asked(online: World) -> None:
    hold(online, (ADA, ("09:00", "12:00")))
    online.move_clock(SOON)
    assert asked(online.run(*READ, TEAMS__ATTENDANCE_REPORTS="false")) == []
    assert status(online)[0] == "registered"


def test_a_threshold_in_the_plan_asks_for_its_own(world: World) -> None:
    set_up(world, attendance={"threshold_minutes": 150})
    hold(world, (ADA, ("09:00", "11:30")), (BEA, ("09:00", "11:29")))
    world.move_clock(SOON)
    world.run(*READ, TEAMS__ATTENDANCE_REPORTS="false")
    assert status(world)[:2] == ["attended", "no_show"]


def test_nobody_is_absent_from_a_session_that_also_had_a_room(world: World) -> None:
    set_up(world, venue={"name": "Kulturhuset"})
    hold(world, (ADA, ("09:00", "12:00")), (BEA, ("09:00", "09:05")))
    read(world, SOON)
    assert status(world) == ["attended", "registered", "registered", "registered"]


def test_a_meeting_that_was_begun_again_counts_as_one_and_nobody_is_short_before_it_is_whole(online: World) -> None:
    hold(online, (ADA, ("09:00", "09:50")), (BEA, ("09:00", "09:50")), (CIA, ("09:00", "10:45")), start="09:00", end="10:45")
    hold(online, (ADA, ("11:00", "12:00")), start="10:50", end="12:40")
    hold(online, (DAN, ("14:00", "17:00")), start="14:00", end="17:00", day="2025-06-17")
    read(online, SOON)
    assert words(online) == [("cia", "came", 105)]
    unchanged = read(online, wall("12:39"))
    assert asked(unchanged) == []
    read(online, HOUR)
    assert words(online) == [("ada", "came", 110), ("bea", "absent", 50), ("cia", "came", 105)]


def test_a_meeting_that_ended_early_is_whole_a_day_later_and_is_read_twice_at_most(online: World) -> None:
    hold(online, (ADA, ("09:00", "10:45")), (BEA, ("09:00", "09:10")), start="09:00", end="10:45")
    read(online, SOON)
    assert asked(read(online, HOUR)) == ["onlineMeetings", "attendanceReports"]
    read(online, NEXT_DAY)
    assert words(online) == [("ada", "came", 105), ("bea", "absent", 10)]
    assert asked(read(online, WEEK)) == []


@pytest.mark.parametrize("not_yet", [True, False], ids=["404", "empty"])
def test_a_report_that_comes_late_is_asked_for_ever_more_rarely_and_given_up_after_a_week(online: World, *, not_yet: bool) -> None:
    online.tenant.settings.change({"no_report_is_404": not_yet, "attendance_report_seconds": 3 * 3600.0})
    hold(online, (ADA, ("09:00", "12:00")))
    assert asked(read(online, SOON)) == ["onlineMeetings", "attendanceReports"]
    assert asked(read(online, wall("12:46"))) == []
    read(online, HOUR)
    assert status(online)[0] == "registered"
    read(online, wall("15:30"))
    assert status(online)[0] == "attended"
    online.lose_database()


def test_what_never_comes_is_asked_for_a_week(online: World) -> None:
    assert asked(read(online, WEEK)) == ["onlineMeetings", "attendanceReports"]
    assert asked(read(online, "2025-06-25T14:00:00+02:00")) == []


def test_many_records_come_page_by_page(online: World) -> None:
    online.tenant.settings.change({"attendance_records_at_once": 1})
    hold(online, *((address, ("09:00", "12:00")) for address in (ADA, BEA, CIA)))
    read(online, SOON)
    assert status(online) == ["attended"] * 3 + ["registered"]


@pytest.mark.parametrize("missing", [{"meeting_policy": False}, {"roles": RIGHTS}, {"roles": WITH_RIGHT[:-1]}], ids=str)
def test_without_right_or_policy_one_is_asked_for_and_the_next_day_again(online: World, missing: dict[str, Any]) -> None:
    hold(online, (ADA, ("09:00", "12:00")))
    online.tenant.settings.change(missing)
    first = read(online, SOON)
    assert (first.code, len(asked(first)) <= 2) == (2, True)
    assert "attendance_reports_denied" in first.err or "fremmøderapporter" in first.err + first.out
    later = read(online, HOUR)
    assert (later.code, asked(later)) == (2, []), "the day long it is told"
    online.tenant.settings.change({"meeting_policy": True, "roles": WITH_RIGHT})
    assert asked(read(online, HOUR)) == []
    read(online, NEXT_DAY)
    assert status(online)[0] == "attended"


@pytest.mark.parametrize("source", [AttendanceSource.HR, AttendanceSource.DOOR, AttendanceSource.SELF])
def test_whoever_said_something_before_or_after_counts_more_than_teams(online: World, source: AttendanceSource) -> None:
    """Ada was ticked before the report, Bea after it; the order makes no difference."""
    hold(online, *((address, ("09:00", "09:05")) for address in (ADA, BEA, CIA)))
    say(online, ADA, source)
    read(online, SOON)
    say(online, BEA, source)
    assert status(online) == ["attended", "attended", "no_show", "registered"]


@SWEPT
def test_killed_at_any_request_everybody_counts_once(online: World, each: int) -> None:
    hold(online, (ADA, ("09:00", "12:00")), (BEA, ("09:00", "09:05")))
    online.move_clock(SOON)
    before = AsItWas(online)
    for _ in killed_at_each(before, online.run(*READ).requests, each, *READ):
        online.run(*READ)
        assert words(online) == [("ada", "came", 180), ("bea", "absent", 5)]


def test_who_was_erased_after_the_meeting_does_not_come_back_by_name(online: World) -> None:
    """Nor by what is read of a report a second time. Of meetings that begin later guests are kept again."""
    hold(online, (ADA, ("09:00", "12:00")), (BEA, ("09:00", "12:00")), ("Gerda Gæst", ("09:00", "12:00")), end="11:40")
    read(online, SOON)
    assert words(online) == [("ada", "came", 180), ("bea", "came", 180), ("name:gerda gæst", "came", 180)]
    plan = make_plan(make_course(online=True), audiences=people(ADA, CIA, DAN))
    online.write(plan)
    online.sync()
    assert online.run("erase", BEA, "--by", "hr").code == 0
    hold(online, (CIA, ("11:00", "12:00")), ("Sen Gæst", ("09:00", "12:00")), start="10:00", end="12:10")
    read(online, NEXT_DAY)
    known = [one for one in words(online) if not one[0].startswith("erased")]
    assert [who for who, *_ in known] == ["ada", "cia", "name:gerda gæst"]
    dump = online.database_file.read_bytes()
    assert b"Bea" not in dump
    assert BEA.encode() not in dump


def checks(world: World, **settings: str) -> dict[str, str]:
    ran = world.run("doctor", "--format", "json", **settings)
    return {row["check"]: row["state"] for row in ran.json["checks"] if row["check"].startswith("meeting_")}


def test_doctor_says_whether_the_policy_is_there(online: World) -> None:
    """The sandbox's token says nothing of rights."""
    assert checks(online) == {"meeting_rights": "unknown", "meeting_policy": "ok"}
    online.tenant.settings.change({"meeting_policy": False})
    assert checks(online) == {"meeting_rights": "unknown", "meeting_policy": "failed"}
    assert checks(online, TEAMS__ATTENDANCE_REPORTS="false") == {}
    online.tenant.faults.add(method="GET", path=r"/onlineMeetings", status=400, when="before")
    assert checks(online)["meeting_policy"] == "unknown"
    online.lose_database()
    assert checks(online)["meeting_policy"] == "unknown"
