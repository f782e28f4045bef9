"""What HR reads before and after, in both languages; JSON and Markdown are in test_preview_formats.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.changes import Applied, Conflict, Create, Forget, Outcome, Reason
from bot.domain.errors import GraphRefused, InputError
from bot.domain.events import AttendeeType, EventField, Location, ResponseStatus
from bot.domain.people import Audience, Language, UnknownGroup, UnknownReason
from bot.domain.renames import Renamed
from bot.invitations.changeset import assemble
from bot.invitations.edits import as_edited
from bot.invitations.preview import limit_lines, outline
from bot.invitations.preview_reader import Reader
from bot.invitations.safety import Limit, Passed
from tests.builders.samples import (
    KEY,
    ROOM,
    START,
    make_attendee,
    make_desired,
    make_entry,
    make_observed,
    make_plan,
    make_wanted,
    make_world,
)
from tests.unit.invitations.previewed import AHEAD, DA, EN, ENTRY, PEOPLE, STANDING, changeset, text_of


def moved(**changes):
    return replace(AHEAD, content=replace(AHEAD.content, **changes))


# -- text


def test_a_new_invitation_in_danish():
    found = changeset()
    assert text_of(found) == (
        "Hvad der vil ske – Demo Kommune, planen »demo«\n"
        "\n"
        "I alt sendes 2 mails.\n"
        "\n"
        "Nye invitationer (1)\n"
        "--------------------\n"
        "• Kursus\n"
        "    onsdag den 18. juni 2025 kl. 09.00–12.00\n"
        "    2 personer inviteres\n"
        "    Hvorfor: nyt i planen\n"
        "\n"
        f"Kontrolsum: {found.checksum}. Gennemfør netop dette med: kursusbot sync --approve {found.checksum}\n"
    )


def test_a_new_invitation_in_english():
    found = changeset()
    assert text_of(found, EN) == (
        "What will happen – Demo Kommune, the plan “demo”\n"
        "\n"
        "2 mails will be sent in all.\n"
        "\n"
        "New invitations (1)\n"
        "-------------------\n"
        "• Kursus\n"
        "    Wednesday 18 June 2025 at 09:00–12:00\n"
        "    2 people are invited\n"
        "    Why: new in the plan\n"
        "\n"
        f"Checksum: {found.checksum}. Apply exactly this with: kursusbot sync --approve {found.checksum}\n"
    )


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (DA, ["Titel: Kursus → Nyt navn", "Teksten", "Sted: Sal 1 → (intet)", "Vises som: oof → optaget", "Teams-møde: nej → ja"]),
        (EN, ["Title: Kursus → Nyt navn", "The text", "Place: Sal 1 → (nothing)", "Shown as: oof → busy", "Teams meeting: no → yes"]),
    ],
)
def test_each_moved_field_is_shown_before_and_after(language, lines):
    """A word of Graph's that we have no word for is shown as it is."""
    desired = moved(subject="Nyt navn", body="<p>Nyt</p>", location=None, online=True)
    found = changeset(desired, make_observed(AHEAD, show_as="oof"), entries=[ENTRY], restore=True)
    shown = text_of(found, language).splitlines()
    assert [f"    {line}" for line in lines if f"    {line}" not in shown] == []


def test_a_moved_time_is_shown_in_words():
    desired = moved(start=START + timedelta(days=1), end=START + timedelta(days=1, hours=2))
    shown = text_of(changeset(desired, STANDING, entries=[ENTRY]))
    assert "    Start: onsdag den 18. juni 2025 kl. 09.00 → torsdag den 19. juni 2025 kl. 09.00\n" in shown
    assert "    Slut: onsdag den 18. juni 2025 kl. 12.00 → torsdag den 19. juni 2025 kl. 11.00\n" in shown
    assert "    2 deltagere får én opdatering hver\n" in shown


def test_an_all_day_session_is_shown_by_its_days():
    """Its end is exclusive to Outlook and not to people."""
    midnight = START.replace(hour=0)
    desired = moved(start=midnight, end=midnight + timedelta(days=2), all_day=True)
    shown = text_of(changeset(desired, STANDING, entries=[ENTRY]))
    assert "Start: onsdag den 18. juni 2025 kl. 09.00 → onsdag den 18. juni 2025\n" in shown
    assert "Slut: onsdag den 18. juni 2025 kl. 12.00 → torsdag den 19. juni 2025\n" in shown


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            DA,
            [
                "2 deltagere får én opdatering hver",
                "1 inviteres: eva@demo.example",
                "1 tages af og får en aflysning: Bo",
                "Lokale bookes: sal-2@demo.example",
                "Lokale frigives: sal-1@demo.example",
                "Hvorfor: planen er ændret",
            ],
        ),
        (
            EN,
            [
                "2 attendees get one update each",
                "1 is invited: eva@demo.example",
                "1 is taken off and gets a cancellation: Bo",
                "Room booked: sal-2@demo.example",
                "Room released: sal-1@demo.example",
                "Why: the plan was changed",
            ],
        ),
    ],
)
def test_comers_and_goers_are_named_and_rooms_apart(language, lines):
    before = make_desired("anna", "bo", room=ROOM)
    standing = make_observed(before)
    observed = replace(standing, attendees=(*standing.attendees, make_attendee("fremmed")))
    desired = make_desired("anna", "eva", room="sal-2@demo.example", subject="Nyt navn")
    found = changeset(desired, observed, entries=[make_entry(before, standing)])
    shown = text_of(found, language).splitlines()
    assert [line for line in lines if f"    {line}" not in shown] == []
    assert found.mails == 4


def test_coming_and_going_alone_promises_no_update():
    shown = text_of(changeset(make_desired("anna", location=Location(name="Sal 1")), STANDING, entries=[ENTRY]))
    assert "Deltagere til og fra (1)" in shown
    assert "opdatering" not in shown


@pytest.mark.parametrize(("count", "shown"), [(6, "e"), (7, "og 2 andre")])
def test_at_most_six_names_are_shown(count, shown):
    names = [f"p{number}" for number in range(count)]
    desired = make_desired("anna", "bo", *names, location=Location(name="Sal 1"))
    line = next(line for line in text_of(changeset(desired, STANDING, entries=[ENTRY])).splitlines() if "inviteres:" in line)
    assert line.endswith(shown if count > 6 else "p5@demo.example")
    assert line.count("@") == min(count, 5 if count > 6 else 6)


@pytest.mark.parametrize(
    ("reason", "danish"),
    [
        (Reason.STATUS_CANCELLED, "planen siger, at kurset er aflyst"),
        (Reason.UNDATED, "har ikke længere en dato i planen"),
        (Reason.NOT_APPROVED, "er igen kun et forslag i planen"),
        (Reason.LISTED, "står kun i oversigten nu, så ingen inviteres herfra"),
        (Reason.GONE_FROM_PLAN, "står ikke længere i planen (eller er gjort til kladde eller valgt fra ved en beslutning)"),
    ],
)
def test_a_cancellation_says_why_and_how_many_it_reaches(reason, danish):
    found = changeset(make_wanted(absent={KEY: reason}), STANDING, entries=[ENTRY])
    shown = text_of(found)
    assert "Aflyses (1)" in shown
    assert f"    2 deltagere får en aflysning\n    Hvorfor: {danish}\n" in shown


def test_conflicts_say_what_a_person_did():
    observed = replace(make_observed(AHEAD, subject="Rettet", show_as="oof"), attendees=STANDING.attendees[:1])
    shown = text_of(changeset(AHEAD, observed, entries=[ENTRY]))
    assert "Kræver, at du tager stilling (kalenderen røres ikke) (1)" in shown
    assert (
        "    Titel: »Rettet« i Outlook, »Kursus« i planen\n    Vises som: oof i Outlook, optaget i planen\n"
        "    Fjernet i Outlook: Bo\n    Hvorfor: nogen har rettet det i Outlook, og det gælder nu overalt"
    ) in shown
    assert "I alt sendes 0 mails." in shown


EDITED_AT = datetime(2025, 5, 5, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "danish", "english"),
    [
        (
            {"end": AHEAD.content.end - timedelta(minutes=90)},
            "Slut: kl. 10.30 i Outlook, kl. 12.00 i planen",
            "End: 10:30 in Outlook, 12:00 in the plan",
        ),
        (
            {"start": START + timedelta(days=1), "end": START + timedelta(days=1, hours=3)},
            "Start: torsdag den 19. juni 2025 kl. 09.00 i Outlook, onsdag den 18. juni 2025 kl. 09.00 i planen",
            "Start: Thursday 19 June 2025 at 09:00 in Outlook, Wednesday 18 June 2025 at 09:00 in the plan",
        ),
        (
            {"start": datetime(2025, 6, 18), "end": datetime(2025, 6, 19), "all_day": True},
            "Slut: onsdag den 18. juni 2025 i Outlook, onsdag den 18. juni 2025 kl. 12.00 i planen",
            "End: Wednesday 18 June 2025 in Outlook, Wednesday 18 June 2025 at 12:00 in the plan",
        ),
        ({"location": None}, "Sted: (intet) i Outlook, »Sal 1« i planen", "Place: (nothing) in Outlook, “Sal 1” in the plan"),
        ({"body": "<p>Andet</p>"}, "Teksten er en anden i Outlook end i planen", "The text in Outlook is not the plan's"),
    ],
    ids=str,
)
def test_of_an_edit_both_values_are_shown_and_when_outlook_tells_that_too(changes, danish, english):
    observed = make_observed(AHEAD, modified_at=EDITED_AT, **changes)
    found = changeset(AHEAD, observed, entries=[ENTRY])
    assert f"    {danish}\n" in text_of(found)
    assert "    Rettet i Outlook mandag den 5. maj 2025 kl. 09.12\n" in text_of(found)
    assert f"    {english}\n" in text_of(found, EN)
    assert "Rettet i Outlook" not in text_of(changeset(AHEAD, replace(observed, modified_at=None), entries=[ENTRY]))


def test_an_edit_that_was_seen_before_keeps_the_time_when_it_was_first_seen():
    observed = make_observed(AHEAD, modified_at=EDITED_AT + timedelta(days=3), subject="Rettet")
    entry = as_edited(ENTRY, replace(observed, modified_at=EDITED_AT))
    assert "Rettet i Outlook mandag den 5. maj 2025 kl. 09.12" in text_of(changeset(AHEAD, observed, entries=[entry]))


def test_a_room_that_said_no_is_named():
    desired = make_desired("anna", room=ROOM)
    observed = replace(
        make_observed(desired),
        attendees=(make_attendee("anna"), make_attendee(ROOM, type=AttendeeType.RESOURCE, response=ResponseStatus.DECLINED)),
    )
    shown = text_of(changeset(desired, observed, entries=[make_entry(desired, make_observed(desired))]))
    assert "    Lokale: sal-1@demo.example\n    Hvorfor: lokalet har sagt nej" in shown


@pytest.mark.parametrize(
    ("language", "waits"), [(DA, "Venter: målgruppen kendes ikke lige nu."), (EN, "Waiting: the audience is not known just now.")]
)
def test_a_course_that_waits_for_its_audience_says_so(language, waits):
    twice = GraphRefused("graph_group_ambiguous", group="t…@demo.example", count=2)
    unknown = UnknownGroup(group="tr@demo.example", reason=UnknownReason.UNREADABLE, error=twice)
    emptied = UnknownGroup(group="amr@demo.example", reason=UnknownReason.EMPTIED)
    first = UnknownGroup(group="nye@demo.example", reason=UnknownReason.FIRST_EMPTY)
    audience = Audience(id="tr", unknown=(unknown, emptied, first), without_address=("Uden Adresse",), unmatched=("ingen@demo.example",))
    found = changeset(make_wanted(AHEAD, held=frozenset({KEY})), audiences=[audience])
    shown = text_of(found, language)
    assert f"    {waits}\n" in shown
    for name in ("tr@demo.example", "2 g", "amr@demo.example", "nye@demo.example", "Uden Adresse", "ingen@demo.example"):
        assert name in shown
    assert found.mails == 0


@pytest.mark.parametrize(("language", "said"), [(DA, "men er en gruppe"), (EN, "but is a group")])
def test_a_group_among_the_people_is_told_with_what_to_write_instead(language, said):
    shown = text_of(replace(changeset(AHEAD, STANDING, entries=[ENTRY]), groups_as_people=("fuld@demo.example",)), language)
    assert "fuld@demo.example" in shown
    assert said in shown
    assert "Grupper" in shown


@pytest.mark.parametrize("language", Language)
def test_nothing_to_do_is_said_in_one_line(language):
    lines = {
        DA: "Der er intet at ændre. Kalenderne stemmer med planen.",
        EN: "There is nothing to change. The calendars agree with the plan.",
    }
    assert text_of(changeset(AHEAD, STANDING, entries=[ENTRY]), language).splitlines()[2:] == [lines[language]]


def test_nothing_to_do_that_can_be_seen_does_not_promise_that_all_is_well():
    unknown = Audience(id="tr", unknown=(UnknownGroup(group="tr@demo.example", reason=UnknownReason.EMPTIED),))
    shown = text_of(changeset(make_wanted(AHEAD, held=frozenset({KEY})), STANDING, entries=[ENTRY], audiences=[unknown]))
    assert "Der er intet at ændre i det, der kan ses." in shown
    assert "stemmer" not in shown


def test_a_session_under_a_new_id_is_warned_about():
    new = make_desired("anna", "bo", key=replace(KEY, session="dag-1"))
    shown = text_of(changeset(new, STANDING, entries=[ENTRY]))
    assert "Mødegangen »dag« på kurset »kursus« står ikke længere i planen, og »dag-1« (Kursus) er kommet til på samme tid." in shown


def test_what_gets_a_new_name_is_told_apart_and_mails_nobody():
    old = replace(KEY, course="gammel")
    renamed = (Renamed(old=old, new=KEY, subject="Kursus"), Renamed(old=replace(old, part=2), new=replace(KEY, part=2)))
    shown = text_of(replace(changeset(AHEAD, STANDING, entries=[ENTRY]), renamed=renamed))
    assert "Skifter navn, ingen får mail (2)" in shown
    assert "Hed »demo/gammel/main/dag«, hedder nu »demo/kursus/main/dag«. Svar og pladser følger med." in shown
    assert "demo/kursus/main/dag#2" in shown


def test_books_without_a_title_are_told_by_their_key():
    shown = text_of(changeset(make_wanted(), entries=[replace(ENTRY, subject="")]))
    assert "• demo/kursus/main/dag\n    Hvorfor: den er afholdt eller findes ikke mere\n" in shown


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", Language)
def test_every_reason_has_words(language, reason):
    change = Conflict(key=KEY, course="kursus", subject="Kursus", reason=reason)
    found = assemble(make_plan(), make_world(None), [change], ())
    label, _, words = text_of(found, language).splitlines()[-1].partition(": ")
    assert (label.strip(), len(words.split()) > 2) == ({DA: "Hvorfor", EN: "Why"}[language], True)


# -- limits


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            DA,
            [
                "Standset af sikkerhedshensyn:",
                "  21 af 100 kommende mødegange ville blive aflyst",
                "  Der ville blive sendt flere mails (2001), end grænsen tillader",
            ],
        ),
        (
            EN,
            [
                "Stopped for safety:",
                "  21 of 100 coming events would be cancelled",
                "  More mails (2001) would be sent than the limit allows",
            ],
        ),
    ],
)
def test_passed_limits_name_the_numbers_and_the_way_past(language, expected):
    found = changeset()
    passed = (
        Passed(limit=Limit.CANCEL_SHARE, number=21, of=100, allowed=20),
        Passed(limit=Limit.MAILS, number=2001, of=0, allowed=2000),
    )
    lines = limit_lines(found, passed, language)
    assert [line.startswith(start) for line, start in zip(lines, expected, strict=False)] == [True] * 3
    assert lines[-1].endswith(f"sync --approve {found.checksum}")
    assert text_of(found, language, passed=passed).endswith("\n".join(lines) + "\n")


@pytest.mark.parametrize("limit", Limit)
@pytest.mark.parametrize("language", Language)
def test_every_limit_has_words(language, limit):
    lines = limit_lines(changeset(), (Passed(limit=limit, number=7, of=8, allowed=1),), language)
    assert "7" in lines[1]


def test_without_a_passed_limit_there_is_nothing_to_say():
    assert limit_lines(changeset(), (), DA) == ()


# -- after a sync


def test_what_was_done_counts_the_mails_of_what_succeeded_and_says_what_failed():
    other = make_desired("eva", key=replace(KEY, course="andet"), subject="Andet")
    found = changeset(make_wanted(AHEAD, other))
    first, second = found.changes
    applied = [
        Applied(change=first, outcome=Outcome.APPLIED),
        Applied(change=second, outcome=Outcome.FAILED, error=InputError("plan_missing")),
    ]
    shown = text_of(found, applied=applied)
    assert shown.startswith("Hvad der skete – Demo Kommune, planen »demo«\n\nI alt blev der sendt 1 mail.\n")
    assert "    Mislykkedes: Der er ikke angivet nogen plan." in shown
    assert found.checksum not in shown


def test_sections_come_in_the_order_of_their_weight():
    """What is cancelled first, the books last."""
    others = [
        Create(key=KEY, course="a", subject="Ny", reason=Reason.NEW, desired=AHEAD, mails=1),
        Forget(key=KEY, course="a", subject="Gammel", reason=Reason.HISTORY),
        Conflict(key=KEY, course="a", subject="Strid", reason=Reason.DRIFT, fields=(EventField.SUBJECT,)),
    ]
    page = outline(assemble(make_plan(), make_world(None), others, ()), Reader(plan=make_plan(), people=PEOPLE, language=DA))
    assert [heading.split(" ")[0] for heading, _ in page.sections] == ["Nye", "Kræver,", "Følges"]
