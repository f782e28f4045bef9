"""What the books have of a person, row by row, as people say it."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.people import Language
from bot.domain.plan import CourseSession
from bot.registrations.person_lines import HISTORY, OTHER_ZONE, history_of, line_text, person_lines, plan_names
from tests.builders.occasions import course, plan

NAMES = plan_names([plan(courses=(course(title="Psykologisk tryghed"),))])
EVENT = {"plan": "by", "course": "k", "offering": "main", "session": "dag", "part": 0, "starts_at": "2025-06-18T07:00:00Z"}
PLACE = {"plan": "by", "course": "k", "offering": "main"}
LED = {"plan": "by", "manager": "leder@by.example", "name": "Lea Leder", "read_at": "2025-06-20T10:00:00Z"}
CAME = {"session": "dag", "said": "came", "by": "hanne", "source": "hr", "at": "2025-06-18T07:00:00Z"}
SEAT = PLACE | {"before": None, "status": "registered", "since": "2025-06-01T10:00:00Z", "by": "", "reason": "", "cause": "enrolled"}
MESSAGE = PLACE | {"kind": "assigned", "state": "sent", "sent_at": "2025-06-01T10:00:00Z", "ended_at": None, "created_at": "x", "error": ""}
ANSWER = EVENT | {"response": "accepted", "source": "outlook", "known": True, "responded_at": "2025-06-01T10:00:00Z"}
WORD = EVENT | {"rule": "dagen-før", "at": "2025-06-01T10:00:00Z"}
ASKED = {"plan": "by", "course": "k", "question": "allergier", "asked": "Allergier?", "at": "2025-06-01T10:00:00Z"}
TASK = PLACE | {"asked": "Hvad?", "at": "2025-08-01T10:00:00Z"}
PERSON = {"plan": "by", "email": "ane@by.example", "aliases": [], "department": "", "language": None, "name": "Ane", "seen_at": ""}

JSON_WORDS = '[{"subject": "Tag computer med"}]'
OWN_WORDS = {"plan": "by", "course": "k", "id": "0123456789abcdef", "sent_at": "", "written_at": "", "words": JSON_WORDS}

TOLD = [
    ("ledger", EVENT | {"invited_since": {"ane@by.example": "2025-06-01T10:00:00+00:00"}}, "Inviteret i kalenderen til"),
    ("ledger", EVENT | {"invited_since": {}}, "Står på mødegangen"),
    ("answers", ANSWER, "Svarede »Ja« (Outlook) til"),
    ("answers", ANSWER | {"known": False}, "uden at være inviteret"),
    ("answers", ANSWER | {"response": "tentativelyAccepted"}, "»Måske«"),
    ("answers", ANSWER | {"response": "of a newer program"}, "»of a newer program«"),
    ("registrations", PLACE | {"status": "registered", "since": "2025-06-01T10:00:00Z", "position": None, "invited": True}, "Tilmeldt"),
    ("registrations", PLACE | {"status": "waitlisted", "since": "", "position": 3, "invited": True}, "På venteliste, nr. 3"),
    ("registrations", PLACE | {"status": "declined", "since": "", "position": None, "invited": False}, "Har sagt nej, men ikke inviteret"),
    ("seat_log", SEAT, "Blev tilmeldt af HR"),
    ("seat_log", SEAT | {"by": "hr", "reason": "Ny leder"}, "Blev tilmeldt af HR (af hr) »Ny leder«"),
    ("seat_log", SEAT | {"cause": "freed"}, "Invitationen er trukket tilbage, fordi et andet hold er valgt"),
    ("seat_log", SEAT | {"cause": "freed", "before": "registered"}, "Blev taget af, fordi et andet hold er valgt"),
    ("messages", MESSAGE, "Fik beskeden »Fordelt til et hold«"),
    ("messages", MESSAGE | {"sent_as": "chat/1"}, "i Teams"),
    ("messages", MESSAGE | {"state": "failed", "error": "graph_refused"}, "kunne ikke sendes: Microsoft tog ikke imod den"),
    ("messages", MESSAGE | {"state": "failed", "error": "of_a_newer"}, "kunne ikke sendes: of_a_newer"),
    ("reminder_words", WORD | {"kind": "skip"}, "HR sprang påmindelsen »dagen-før« over"),
    ("reminder_words", WORD | {"kind": "send"}, "HR sendte påmindelsen »dagen-før« før tid"),
    ("reminder_words", WORD | {"kind": "undo"}, "HR lod planen bestemme over påmindelsen »dagen-før« igen"),
    ("bounces", EVENT | {"reason": "bounced_mailbox_full", "received_at": ""}, "En mail kom retur: modtagerens postkasse er fuld"),
    ("unplaced_returns", {"plan": "by", "reason": "bounced_other", "received_at": ""}, "En mail kom retur"),
    ("notes", PLACE | {"text": "ingen\nnødder", "written_at": "2025-06-01T10:00:00Z"}, "Skrev til HR: »ingen nødder«"),
    ("answer_comments", EVENT | {"response": "declined", "text": "syg", "written_at": ""}, "Skrev med svaret »Nej«: »syg«"),
    ("question_answers", ASKED | {"kind": "text", "answer": "nødder"}, "Svarede på »Allergier?«: »nødder«"),
    ("question_answers", ASKED | {"kind": "yes_no", "answer": "yes"}, "Svarede på »Allergier?«: »Ja«"),
    ("task_answers", TASK | {"state": "done", "said": "med teamet"}, "Svarede om en opgave, »Hvad?«: »Det er gjort: med teamet«"),
    ("task_answers", TASK | {"state": "", "said": "på vej"}, "Svarede om en opgave, »Hvad?«: »på vej«"),
    ("person_links", {"plan": "by", "generation": 1, "renewed_at": "2025-06-01T10:00:00Z"}, "fornyet (1 gang i alt)"),
    ("people", PERSON, "Ane, ane@by.example"),
    ("people", PERSON | {"aliases": ["a@by.example"], "department": "Skole", "language": "da"}, "Ane, Skole, ane@by.example, a@by"),
    ("audience_members", {"plan": "by", "audience": "ledere", "read_at": ""}, "Hører til målgruppen ledere"),
    ("actions", {"plan": "", "course": "", "command": "person", "by": "hr", "at": ""}, "Oplysningerne er set, af hr"),
    ("actions", {"plan": "", "course": "", "command": "sync --approve", "by": "", "at": ""}, "Planen er ført ud i kalenderen"),
    ("actions", {"plan": "", "course": "", "command": "of a newer program", "by": "", "at": ""}, "of_a_newer_program"),
    ("decisions", PLACE | {"approved": True, "at": ""}, "Godkendte en ændring i planen"),
    ("decisions", PLACE | {"approved": False, "at": ""}, "Afviste en ændring i planen"),
    ("attendance_log", PLACE | CAME, ", af hanne"),
    ("attendance_log", PLACE | CAME | {"said": "absent", "by": ""}, "Kom ikke til"),
    ("attendance_log", PLACE | CAME | {"source": "teams", "by": ""}, ", af Teams"),
    ("certificates", PLACE | {"issued_at": "2025-06-20T10:00:00Z", "issued_by": "hanne"}, "Kursusbevis er godkendt, af hanne"),
    ("certificates", PLACE | {"issued_at": "", "issued_by": ""}, "Kursusbevis er godkendt"),
    (
        "approval_asks",
        PLACE | {"asked_at": None, "wished_at": "2025-06-20T10:00:00Z", "who": "manager", "name": "", "approver": "leder@by.example"},
        "Spurgt: leder@by.example",
    ),
    ("managed_people", LED, "Leder ifølge Entra: Lea Leder"),
    ("managed_people", LED | {"name": ""}, "Leder ifølge Entra: leder@by.example"),
    ("managed_people", LED | {"manager": ""}, "Entra kender ingen leder"),
    ("conversations", {"added_at": "2025-06-01T10:00:00Z"}, "Fik en chat med kursusbot i Teams"),
    ("app_installs", {"state": "there", "at": "2025-06-01T10:00:00Z"}, "Teams"),
    ("evaluation_done", PLACE, ""),
    ("sign_ins", {"begun_at": "2025-06-01T10:00:00Z"}, "Loggede ind"),
    ("broadcasts", OWN_WORDS, "HR's egne ord til deltagerne: »Tag computer med«"),
    ("broadcasts", OWN_WORDS | {"words": ""}, "Gemt, for at kursusbot"),
    ("a_table_of_tomorrow", {"plan": "by"}, "Gemt, for at kursusbot"),
]  # fmt: skip


def told(table, row, names=NAMES):
    (line,) = person_lines({table: [row]}, names, Language.DA)[table]
    return line


@pytest.mark.parametrize(("table", "row", "says"), TOLD)
def test_a_row_says_what_it_is_in_words(table, row, says):
    """And nothing of how it is kept."""
    line = told(table, row)
    assert says in line.words
    assert not {"{", "}"} & {*line.words}
    assert person_lines({table: [row]}, NAMES, Language.EN)[table][0].words


def test_what_hr_wrote_in_its_own_words_is_called_by_what_it_was_called():
    message = MESSAGE | {"key": "broadcast/0123456789abcdef/ane@by.example", "kind": "broadcast"}
    found = person_lines({"messages": [message], "broadcasts": [OWN_WORDS]}, NAMES, Language.DA)["messages"]
    assert [line.words for line in found] == ["Fik beskeden »Tag computer med«"]


def test_a_session_of_whole_days_has_no_time():
    """Nothing else begins at midnight."""
    day = EVENT | {"invited_since": {}, "starts_at": "2025-06-17T22:00:00+00:00", "session": "ukendt"}
    assert "kl." not in told("ledger", day).words


def test_times_are_wall_times_of_the_plan_and_titles_those_of_the_plan():
    line = told("answers", ANSWER)
    assert (line.at, line.where) == (datetime(2025, 6, 1, 12), "Psykologisk tryghed")
    assert line_text(line, Language.DA).startswith("01-06-2025 kl. 12.00  Psykologisk tryghed: Svarede »Ja«")


def test_of_a_plan_that_cannot_be_read_the_ids_are_shown_and_the_time_of_the_event():
    """In the time of the country, and also of a session that the plan gave no date."""
    nameless = plan_names([])
    line = told("answers", ANSWER, nameless)
    assert (line.where, OTHER_ZONE) == ("k", "Europe/Copenhagen")
    assert "onsdag den 18. juni 2025 kl. 09.00" in line.words
    assert (
        line_text(told("audience_members", {"plan": "x", "audience": "a", "read_at": None}, nameless), Language.DA)
        == "Hører til målgruppen a"
    )


def test_of_a_session_without_any_date_the_course_is_enough():
    undated = plan_names([plan(courses=(course(CourseSession(id="dag")),))])
    row = {key: value for key, value in ANSWER.items() if key != "starts_at"}
    assert told("answers", row, plan_names([])).words.endswith("til kurset")
    assert told("answers", row, undated).words.endswith("til kurset")


def test_the_history_is_what_happened_the_newest_first_and_each_once():
    """What is still to be sent did not happen, and a seat that only follows an answer is the answer."""
    rows = {
        "answers": [ANSWER, ANSWER | {"responded_at": "2025-06-05T10:00:00Z"}],
        "seat_log": [SEAT | {"cause": "answered"}, SEAT | {"since": "2025-06-03T10:00:00Z"}],
        "messages": [MESSAGE | {"state": "due", "sent_at": None, "created_at": "2025-06-04T10:00:00Z"}],
        "registrations": [PLACE | {"status": "registered", "since": "", "position": None, "invited": True}],
        "ledger": [EVENT | {"invited_since": {}}],
    }
    lines = person_lines(rows, NAMES, Language.DA)
    history = history_of(lines)
    assert [(one.table, one.at and one.at.day) for one in history] == [("answers", 5), ("seat_log", 3), ("answers", 1), ("ledger", None)]
    assert [one.is_coming for one in lines["messages"]] == [True]
    assert {one.table for one in history} <= {*HISTORY}
