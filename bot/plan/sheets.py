"""The workbook's sheets and columns, as one table that reader, writer and starter share.

Each sheet is a list, one row for each thing; a column is a key of the YAML format (dotted where YAML
nests: `venue.name`) or, marked `parent`, the thing that the row belongs to. What does not fit on the
course's own row has a sheet of its own:

    Plan            two columns, name and value: the plan's own keys and those of `sending`
    Lukkedage       closing days: a date, and whether it is every year
    Skoleferier     school holidays: the first day and the last
    Målgrupper      audiences               Personer         people listed in an audience
    Puljer          funding pools           Reserveringer    what is reserved of a pool
    Øvrige udgifter what a pool pays besides courses
    Forudsætninger  assumptions             Påmindelser      reminders; with `Kursus`, one course's own
    Kurser          courses, with enrolment and venue
    Hold            offerings, where they say more than their id (capacity, place); lists all of a course's or none
    Sessioner       sessions; `Hold` is empty where the course has no offerings to choose between
    Oplægsholdere · Finansiering · Materialer   speakers, funding and materials of a course

Headings are Danish when written; Danish and English are read, whatever the case and spaces. Fixed
choices are Danish words with a drop-down; the format's own words are read as well. Several values in
one cell are separated by comma; a hyphen alone is an empty list. Hidden sheets count like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.plan import labels


class Kind(Enum):
    """What a cell holds, and so how what Excel made of it is understood."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DECISION = "decision"
    MOMENT = "moment"
    DAY = "day"
    TIME = "time"
    NAMES = "names"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `hint` names its explanation in `bot/i18n/<lang>/plan.toml`. A `needed` one must be there.

    `also` are headings that mean the same in the offices' own workbooks.
    """

    key: str
    danish: str
    english: str
    kind: Kind = Kind.TEXT
    choices: labels.Labels = ()
    hint: str = ""
    parent: bool = False
    needed: bool = False
    also: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every heading that it is read under."""
        return (self.danish, self.english, *self.also)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `key` is what it fills in the plan."""

    key: str
    danish: str
    english: str
    columns: tuple[Column, ...]


ID = Column("id", "Id", "Id", hint="id", needed=True)
WAS = Column("was", "Var", "Was", hint="was")
TITLE = Column("title", "Titel", "Title")
NAME = Column("name", "Navn", "Name")
EMAIL = Column("email", "E-mail", "Email", hint="address")
AUDIENCE = Column("audience", "Målgruppe", "Audience", Kind.NAMES, hint="audience")
OPTIONAL_AUDIENCE = Column("optional_audience", "Valgfri målgruppe", "Optional audience", Kind.NAMES, hint="optional_audience")
CAPACITY = Column("capacity", "Pladser", "Seats", Kind.NUMBER, hint="capacity")
AMOUNT = Column("amount", "Beløb", "Amount", Kind.NUMBER, hint="amount")
SPENT = Column("spent", "Brugt", "Spent", Kind.NUMBER, hint="spent", also=("Forbrugt", "Forbrug"))
PURPOSE = Column("purpose", "Formål", "Purpose", hint="purpose")
WHEN = Column("when", "Hvis", "When", hint="when")
CASE = Column("case", "Sagsnr.", "Case", hint="case", also=("Sagsnr", "Sagsnummer"))
NOTE = Column("note", "Note", "Note", hint="note", also=("Noter", "Notes"))
OF_COURSE = Column("course", "Kursus", "Course", hint="of_course", parent=True, needed=True)
OF_OFFERING = Column("offering", "Hold", "Offering", hint="of_offering", parent=True)
OF_POOL = Column("pool", "Pulje", "Pool", parent=True, needed=True)
VENUE = (
    Column("venue.name", "Sted", "Venue"),
    Column("venue.address", "Adresse", "Address"),
    Column("venue.room", "Lokale", "Room", hint="room"),
    Column("online", "Online", "Online", Kind.FLAG, hint="online"),
)
DESCRIPTION = Column("description", "Beskrivelse", "Description", hint="description")

PLAN = Sheet(
    "plan", "Plan", "Plan",
    (
        Column("version", "Version", "Version", Kind.NUMBER, hint="version"),
        Column("id", "Id", "Id", hint="plan_id"),
        Column("organisation", "Organisation", "Organisation"),
        Column("timezone", "Tidszone", "Time zone", hint="timezone"),
        Column("language", "Sprog", "Language", Kind.CHOICE, labels.LANGUAGES, hint="language"),
        Column("organiser", "Organisator", "Organiser", hint="organiser"),
        Column("contact", "Kontakt", "Contact", hint="contact"),
        Column("holidays", "Helligdage", "Holidays", hint="holidays"),
        Column("sending.from", "Send fra", "Send from", Kind.TIME, hint="sending"),
        Column("sending.to", "Send til", "Send to", Kind.TIME, hint="sending"),
        Column("sending.weekends", "Send i weekender", "Send on weekends", Kind.FLAG),
        Column("sending.digest", "Saml beskeder", "Digest", Kind.FLAG, hint="digest"),
        Column("sending.max_per_week", "Højst om ugen", "Max per week", Kind.NUMBER, hint="max_per_week"),
        WAS,
    ),
)  # fmt: skip
CLOSING_DAYS = Sheet(
    "closing_days", "Lukkedage", "Closing days",
    (
        Column("date", "Dato", "Date", Kind.DAY, hint="closing_day", needed=True),
        Column("yearly", "Hvert år", "Every year", Kind.FLAG, hint="yearly"),
    ),
)  # fmt: skip
SCHOOL_HOLIDAYS = Sheet(
    "school_holidays", "Skoleferier", "School holidays",
    (
        Column("first", "Fra", "From", Kind.DAY, hint="school_holiday", needed=True),
        Column("last", "Til", "To", Kind.DAY, hint="last_day"),
    ),
)  # fmt: skip
AUDIENCES = Sheet(
    "audiences", "Målgrupper", "Audiences",
    (
        ID, NAME,
        Column("groups", "Grupper", "Groups", Kind.NAMES, hint="groups"),
        Column("exclude", "Undtagen", "Exclude", Kind.NAMES, hint="exclude"),
    ),
)  # fmt: skip
PEOPLE = Sheet(
    "people", "Personer", "People",
    (
        Column("audience", "Målgruppe", "Audience", hint="of_audience", parent=True, needed=True),
        EMAIL, NAME,
        Column("language", "Sprog", "Language", Kind.CHOICE, labels.LANGUAGES, hint="language"),
    ),
)  # fmt: skip
POOLS = Sheet(
    "funding", "Puljer", "Pools",
    (
        ID, NAME,
        Column("year", "År", "Year", Kind.NUMBER),
        AMOUNT,
        Column("currency", "Valuta", "Currency", hint="currency"),
    ),
)  # fmt: skip
RESERVED = Sheet(
    "reserved", "Reserveringer", "Reserved",
    (OF_POOL, Column("purpose", "Formål", "Purpose", hint="id", needed=True), AMOUNT),
)  # fmt: skip
EXPENSES = Sheet(
    "expenses", "Øvrige udgifter", "Other expenses",
    (
        OF_POOL, TITLE, AMOUNT, PURPOSE,
        Column("status", "Status", "Status", Kind.CHOICE, labels.EXPENSE_STATUSES, hint="expense_status"),
        WHEN, NOTE,
    ),
)  # fmt: skip
ASSUMPTIONS = Sheet(
    "assumptions", "Forudsætninger", "Assumptions",
    (
        ID,
        Column("question", "Spørgsmål", "Question", hint="question"),
        Column("options", "Muligheder", "Options", Kind.NAMES, hint="options"),
        Column("value", "Værdi", "Value", Kind.DECISION, labels.DECISIONS, hint="decision"),
        Column("decided_by", "Besluttet af", "Decided by", hint="decided_by"),
        Column("decided_on", "Besluttet den", "Decided on", Kind.DAY, hint="decided_on"),
        CASE, NOTE,
    ),
)  # fmt: skip
REMINDERS = Sheet(
    "reminders", "Påmindelser", "Reminders",
    (
        Column("course", "Kursus", "Course", hint="reminder_course", parent=True),
        ID,
        Column("before", "Før", "Before", Kind.CHOICE, labels.ANCHORS, hint="before"),
        Column("after", "Efter", "After", Kind.CHOICE, labels.ANCHORS, hint="before"),
        Column("days", "Dage", "Days", Kind.NUMBER, hint="unit"),
        Column("working_days", "Arbejdsdage", "Working days", Kind.NUMBER, hint="unit"),
        Column("weeks", "Uger", "Weeks", Kind.NUMBER, hint="unit"),
        Column("hours", "Timer", "Hours", Kind.NUMBER, hint="unit"),
        Column("minutes", "Minutter", "Minutes", Kind.NUMBER, hint="unit"),
        Column("at", "Kl.", "At", Kind.TIME, hint="at"),
        Column("to", "Til", "To", Kind.CHOICES, labels.TARGETS, hint="to"),
        Column("channels", "Kanaler", "Channels", Kind.CHOICES, labels.CHANNELS, hint="channels"),
        Column("template", "Besked", "Template", Kind.TEXT, labels.TEMPLATES, hint="template"),
        Column("expires", "Udløber", "Expires", hint="expires"),
        Column("urgent", "Haster", "Urgent", Kind.FLAG, hint="urgent"),
    ),
)  # fmt: skip
COURSES = Sheet(
    "courses", "Kurser", "Courses",
    (
        ID, TITLE,
        Column("theme", "Tema", "Theme"),
        DESCRIPTION,
        Column("status", "Status", "Status", Kind.CHOICE, labels.STATUSES, hint="status"),
        Column("responsible", "Ansvarlig", "Responsible", Kind.NAMES, hint="addresses"),
        AUDIENCE, OPTIONAL_AUDIENCE,
        Column("enrolment.mode", "Tilmelding", "Mode", Kind.CHOICE, labels.MODES, hint="mode"),
        Column("enrolment.via", "Via", "Via", Kind.CHOICE, labels.VIAS, hint="via"),
        Column("enrolment.opens", "Åbner", "Opens", Kind.MOMENT, hint="moment"),
        Column("enrolment.deadline", "Svarfrist", "Deadline", Kind.MOMENT, hint="moment"),
        Column("enrolment.capacity", "Pladser", "Seats", Kind.NUMBER, hint="capacity"),
        Column("enrolment.waiting_list", "Venteliste", "Waiting list", Kind.FLAG, hint="waiting_list"),
        Column("enrolment.waiting_list_until", "Venteliste til", "Waiting list until", Kind.MOMENT, hint="moment"),
        Column("enrolment.unanswered", "Ubesvaret", "Unanswered", Kind.CHOICE, labels.UNANSWERED, hint="unanswered"),
        Column("enrolment.minimum", "Mindst", "Minimum", Kind.NUMBER, hint="minimum"),
        Column("enrolment.late", "For sent", "Late", Kind.CHOICE, labels.LATE, hint="late"),
        Column("enrolment.handover", "Overdragelse", "Handover", Kind.FLAG, hint="handover"),
        *VENUE,
        Column("teams_channel", "Teams-kanal", "Teams channel", hint="teams_channel"),
        Column("evaluation", "Evaluering", "Evaluation", hint="url"),
        Column("hide_attendees", "Skjul deltagere", "Hide attendees", Kind.FLAG, hint="hide_attendees"),
        Column("cancel_reason", "Aflysningsgrund", "Cancel reason", hint="cancel_reason"),
        Column("tags", "Strategitemaer", "Tags", Kind.NAMES, hint="tags"),
        CASE, NOTE, WHEN, WAS,
    ),
)  # fmt: skip
OFFERINGS = Sheet(
    "offerings", "Hold", "Offerings",
    (OF_COURSE, Column("id", "Hold", "Offering", hint="id", needed=True), TITLE, CAPACITY, *VENUE, WHEN, WAS),
)  # fmt: skip
SESSIONS = Sheet(
    "sessions", "Sessioner", "Sessions",
    (
        OF_COURSE, OF_OFFERING,
        Column("id", "Session", "Session", hint="id", needed=True),
        TITLE,
        Column("start", "Start", "Start", Kind.MOMENT, hint="start"),
        Column("end", "Slut", "End", Kind.MOMENT, hint="end"),
        Column("period", "Periode", "Period", hint="period"),
        AUDIENCE, OPTIONAL_AUDIENCE, *VENUE, DESCRIPTION, WHEN, WAS,
    ),
)  # fmt: skip
SPEAKERS = Sheet("speakers", "Oplægsholdere", "Speakers", (OF_COURSE, NAME, EMAIL))
FUNDING = Sheet(
    "course_funding", "Finansiering", "Course funding",
    (OF_COURSE, Column("pool", "Pulje", "Pool"), AMOUNT, PURPOSE, SPENT, WHEN),
)  # fmt: skip
MATERIALS = Sheet("materials", "Materialer", "Materials", (OF_COURSE, TITLE, Column("url", "Link", "Link", hint="url")))

SHEETS = (
    PLAN, COURSES, OFFERINGS, SESSIONS, SPEAKERS, FUNDING, MATERIALS, AUDIENCES, PEOPLE,
    POOLS, RESERVED, EXPENSES, ASSUMPTIONS, REMINDERS, CLOSING_DAYS, SCHOOL_HOLIDAYS,
)  # fmt: skip
PLAN_HEADINGS = ("Navn", "Værdi")


def folded(name: str) -> str:
    """A sheet's name or heading as it is compared: no case, no spaces at the ends, single ones inside."""
    return " ".join(name.split()).casefold()
