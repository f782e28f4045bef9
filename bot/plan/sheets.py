"""The workbook's sheets and columns, as one table that reader, writer and starter share.

Each sheet is a list, one row for each thing; a column is a key of the YAML format (dotted where YAML
nests: `venue.name`) or, marked `parent`, the thing that the row belongs to. What does not fit on the
course's own row has a sheet of its own:

    Plan            two columns, name and value: the plan's own keys and those of `sending`
    Lukkedage       closing days: a date, and whether it is every year
    Skoleferier     school holidays: the first day and the last
    Målgrupper      audiences               Personer         people listed in an audience
    Sekretærer      who answers for a leader, and whether they get copies
    Puljer          funding pools           Reserveringer    what is reserved of a pool
    Øvrige udgifter what a pool pays besides courses
    Forudsætninger  assumptions             Påmindelser      reminders; with `Kursus`, one course's own
    Tekster         HR's own words in messages; with `Kursus`, in one course's
    Enkle kurser    courses in the few columns that most of them need; the other columns are read as well
    Kurser          courses, with enrolment and venue. On both a course of one session may have it on its own row
    Hold            offerings, where they say more than their id (capacity,
        place); lists all of a course's or none
    Sessioner       sessions; `Hold` is empty where the course has no offerings to choose between
    Oplægsholdere · Finansiering · Materialer · Spørgsmål   speakers, funding, materials and questions of a course
    Evalueringsspørgsmål   what is asked when it is over, where that is not the ready-made form
    Opgaver bagefter       what leaders do with a course at home, and are asked about weeks later

Headings are Danish when written; Danish and English are read, whatever the case and spaces. Fixed
choices are Danish words with a drop-down; the format's own words are read as well. Several values in
one cell are separated by comma; a hyphen alone is an empty list. Hidden sheets count like any other.
"""

from __future__ import annotations

from bot.plan import labels
from bot.plan.columns import CellKind, Sheet, SheetColumn

ID = SheetColumn("id", "Id", "Id", hint="id")
WAS = SheetColumn("was", "Var", "Was", hint="was")
TITLE = SheetColumn("title", "Titel", "Title")
NAME = SheetColumn("name", "Navn", "Name")
EMAIL = SheetColumn("email", "E-mail", "Email", hint="address")
AUDIENCE = SheetColumn("audience", "Målgruppe", "Audience", CellKind.NAMES, hint="audience")
OPTIONAL_AUDIENCE = SheetColumn(
    "optional_audience", "Valgfri målgruppe", "Optional audience", CellKind.NAMES, hint="optional_audience"
)
CAPACITY = SheetColumn("capacity", "Pladser", "Seats", CellKind.NUMBER, hint="capacity")
AMOUNT = SheetColumn("amount", "Beløb", "Amount", CellKind.AMOUNT, hint="amount")
SPENT = SheetColumn("spent", "Brugt", "Spent", CellKind.AMOUNT, hint="spent", also=("Forbrugt", "Forbrug"))
PURPOSE = SheetColumn("purpose", "Formål", "Purpose", hint="purpose")
WHEN = SheetColumn("when", "Hvis", "When", hint="when")
CASE = SheetColumn("case", "Sagsnr.", "Case", hint="case", also=("Sagsnr", "Sagsnummer"))
NOTE = SheetColumn("note", "Note", "Note", hint="note", also=("Noter", "Notes"))
OF_COURSE = SheetColumn("course", "Kursus", "Course", hint="of_course", parent=True, needed=True)
OF_OFFERING = SheetColumn("offering", "Hold", "Offering", hint="of_offering", parent=True)
OF_POOL = SheetColumn("pool", "Pulje", "Pool", parent=True, needed=True)
VENUE = (
    SheetColumn("venue.name", "Sted", "Venue"),
    SheetColumn("venue.address", "Adresse", "Address"),
    SheetColumn("venue.room", "Lokale", "Room", hint="room"),
    SheetColumn("online", "Online", "Online", CellKind.FLAG, hint="online"),
)
DESCRIPTION = SheetColumn("description", "Beskrivelse", "Description", hint="description")

PLAN = Sheet(
    "plan", "Plan", "Plan",
    (
        SheetColumn("version", "Version", "Version", CellKind.NUMBER, hint="version"),
        SheetColumn("id", "Id", "Id", hint="plan_id"),
        SheetColumn("organisation", "Organisation", "Organisation"),
        SheetColumn("timezone", "Tidszone", "Time zone", hint="timezone"),
        SheetColumn("language", "Sprog", "Language", CellKind.CHOICE, labels.LANGUAGES, hint="language"),
        SheetColumn("organiser", "Organisator", "Organiser", hint="organiser"),
        SheetColumn("contact", "Kontakt", "Contact", hint="contact"),
        SheetColumn("holidays", "Helligdage", "Holidays", hint="holidays"),
        SheetColumn("sending.from", "Send fra", "Send from", CellKind.TIME, hint="sending"),
        SheetColumn("sending.to", "Send til", "Send to", CellKind.TIME, hint="sending"),
        SheetColumn("sending.weekends", "Send i weekender", "Send on weekends", CellKind.FLAG),
        SheetColumn("sending.digest", "Saml beskeder", "Digest", CellKind.FLAG, hint="digest"),
        SheetColumn("sending.max_per_week", "Højst om ugen", "Max per week", CellKind.NUMBER,
            hint="max_per_week"),
        SheetColumn("managers", "Ledere får", "Managers get", CellKind.CHOICE, labels.MANAGERS,
            hint="managers"),
        WAS,
    ),
)  # fmt: skip
CLOSING_DAYS = Sheet(
    "closing_days", "Lukkedage", "Closing days",
    (
        SheetColumn("date", "Dato", "Date", CellKind.DAY, hint="closing_day", needed=True),
        SheetColumn("yearly", "Hvert år", "Every year", CellKind.FLAG, hint="yearly"),
    ),
)  # fmt: skip
SCHOOL_HOLIDAYS = Sheet(
    "school_holidays", "Skoleferier", "School holidays",
    (
        SheetColumn("first", "Fra", "From", CellKind.DAY, hint="school_holiday", needed=True),
        SheetColumn("last", "Til", "To", CellKind.DAY, hint="last_day"),
    ),
)  # fmt: skip
AUDIENCES = Sheet(
    "audiences", "Målgrupper", "Audiences",
    (
        ID, NAME,
        SheetColumn("groups", "Grupper", "Groups", CellKind.NAMES, hint="groups"),
        SheetColumn("exclude", "Undtagen", "Exclude", CellKind.NAMES, hint="exclude"),
    ),
    named_by="name",
)  # fmt: skip
PEOPLE = Sheet(
    "people", "Personer", "People",
    (
        SheetColumn("audience", "Målgruppe", "Audience", hint="of_audience", parent=True, needed=True),
        EMAIL, NAME,
        SheetColumn("language", "Sprog", "Language", CellKind.CHOICE, labels.LANGUAGES, hint="language"),
    ),
)  # fmt: skip
DELEGATES = Sheet(
    "delegates", "Sekretærer", "Delegates",
    (
        SheetColumn("for", "Leder", "Leader", hint="delegate_for", needed=True),
        SheetColumn("by", "Sekretær", "Delegate", hint="delegate_by", needed=True),
        SheetColumn("copies", "Kopi", "Copies", CellKind.FLAG, hint="delegate_copies"),
    ),
    known_by=("for", "by"),
)  # fmt: skip
POOLS = Sheet(
    "funding", "Puljer", "Pools",
    (
        ID, NAME,
        SheetColumn("year", "År", "Year", CellKind.NUMBER),
        AMOUNT,
        SheetColumn("currency", "Valuta", "Currency", hint="currency"),
    ),
    named_by="name",
)  # fmt: skip
RESERVED = Sheet(
    "reserved", "Reserveringer", "Reserved",
    (OF_POOL, SheetColumn("purpose", "Formål", "Purpose", hint="id", needed=True), AMOUNT),
)  # fmt: skip
EXPENSES = Sheet(
    "expenses", "Øvrige udgifter", "Other expenses",
    (
        OF_POOL, TITLE, AMOUNT, PURPOSE,
        SheetColumn("status", "Status", "Status", CellKind.CHOICE, labels.EXPENSE_STATUSES,
            hint="expense_status"),
        WHEN, NOTE,
    ),
)  # fmt: skip
ASSUMPTIONS = Sheet(
    "assumptions", "Forudsætninger", "Assumptions",
    (
        ID,
        SheetColumn("question", "Spørgsmål", "Question", hint="question"),
        SheetColumn("options", "Muligheder", "Options", CellKind.NAMES, hint="options"),
        SheetColumn("value", "Værdi", "Value", CellKind.DECISION, labels.DECISIONS, hint="decision"),
        SheetColumn("decided_by", "Besluttet af", "Decided by", hint="decided_by"),
        SheetColumn("decided_on", "Besluttet den", "Decided on", CellKind.DAY, hint="decided_on"),
        CASE, NOTE,
    ),
    named_by="question",
)  # fmt: skip
REMINDERS = Sheet(
    "reminders", "Påmindelser", "Reminders",
    (
        SheetColumn("course", "Kursus", "Course", hint="reminder_course", parent=True),
        ID,
        SheetColumn("before", "Før", "Before", CellKind.CHOICE, labels.ANCHORS, hint="before"),
        SheetColumn("after", "Efter", "After", CellKind.CHOICE, labels.ANCHORS, hint="before"),
        SheetColumn("days", "Dage", "Days", CellKind.NUMBER, hint="unit"),
        SheetColumn("working_days", "Arbejdsdage", "Working days", CellKind.NUMBER, hint="unit"),
        SheetColumn("weeks", "Uger", "Weeks", CellKind.NUMBER, hint="unit"),
        SheetColumn("hours", "Timer", "Hours", CellKind.NUMBER, hint="unit"),
        SheetColumn("minutes", "Minutter", "Minutes", CellKind.NUMBER, hint="unit"),
        SheetColumn("at", "Kl.", "At", CellKind.TIME, hint="at"),
        SheetColumn("to", "Til", "To", CellKind.CHOICES, labels.TARGETS, hint="to"),
        SheetColumn("channels", "Kanaler", "Channels", CellKind.CHOICES, labels.CHANNELS, hint="channels"),
        SheetColumn("template", "Besked", "Template", CellKind.CHOICE, labels.TEMPLATES, hint="template"),
        SheetColumn("expires", "Udløber", "Expires", CellKind.DURATION, hint="expires"),
        SheetColumn("urgent", "Haster", "Urgent", CellKind.FLAG, hint="urgent"),
    ),
    named_by="template",
)  # fmt: skip
TEXTS = Sheet(
    "texts", "Tekster", "Texts",
    (
        SheetColumn("course", "Kursus", "Course", hint="text_course", parent=True),
        SheetColumn("message", "Besked", "Message", CellKind.CHOICE, labels.MESSAGES, hint="message",
            needed=True),
        SheetColumn("language", "Sprog", "Language", CellKind.CHOICE, labels.LANGUAGES, hint="text_language"),
        SheetColumn("opening", "Indledning", "Opening", hint="opening"),
        SheetColumn("closing", "Afslutning", "Closing", hint="closing"),
    ),
    known_by=("course", "message", "language"),
)  # fmt: skip
ONE_SESSION = (
    SheetColumn("day", "Dato", "Date", CellKind.DAY_OR_PERIOD, hint="day"),
    SheetColumn("from", "Fra", "From", CellKind.TIME, hint="clock"),
    SheetColumn("to", "Til", "To", CellKind.TIME, hint="clock"),
)
COURSES = Sheet(
    "courses", "Kurser", "Courses",
    (
        ID, TITLE,
        SheetColumn("theme", "Tema", "Theme"),
        DESCRIPTION,
        SheetColumn("status", "Status", "Status", CellKind.CHOICE, labels.STATUSES, hint="status"),
        SheetColumn("responsible", "Ansvarlig", "Responsible", CellKind.NAMES, hint="addresses"),
        AUDIENCE, OPTIONAL_AUDIENCE,
        SheetColumn("enrolment.mode", "Tilmelding", "Mode", CellKind.CHOICE, labels.MODES, hint="mode"),
        SheetColumn("enrolment.via", "Via", "Via", CellKind.CHOICE, labels.VIAS, hint="via"),
        SheetColumn("enrolment.opens", "Åbner", "Opens", CellKind.MOMENT, hint="moment"),
        SheetColumn("enrolment.deadline", "Svarfrist", "Deadline", CellKind.MOMENT, hint="moment"),
        SheetColumn("enrolment.capacity", "Pladser", "Seats", CellKind.NUMBER, hint="capacity"),
        SheetColumn("enrolment.waiting_list", "Venteliste", "Waiting list", CellKind.FLAG,
            hint="waiting_list"),
        SheetColumn("enrolment.waiting_list_until", "Venteliste til", "Waiting list until",
            CellKind.MOMENT, hint="moment"),
        SheetColumn("enrolment.unanswered", "Ubesvaret", "Unanswered", CellKind.CHOICE, labels.UNANSWERED,
            hint="unanswered"),
        SheetColumn("enrolment.minimum", "Mindst", "Minimum", CellKind.NUMBER, hint="minimum"),
        SheetColumn("enrolment.late", "For sent", "Late", CellKind.CHOICE, labels.LATE, hint="late"),
        SheetColumn("enrolment.handover", "Overdragelse", "Handover", CellKind.FLAG, hint="handover"),
        *VENUE,
        SheetColumn("teams_channel", "Teams-kanal", "Teams channel", hint="teams_channel"),
        SheetColumn("attendance.self_check_in", "Egen indtjekning", "Self check-in", CellKind.FLAG,
            hint="self_check_in"),
        SheetColumn("attendance.threshold_minutes", "Minutter i Teams", "Minutes in Teams", CellKind.NUMBER,
            hint="threshold_minutes"),
        SheetColumn("evaluation", "Evaluering", "Evaluation", hint="evaluation"),
        SheetColumn("evaluation_opens", "Evaluering åbner", "Evaluation opens", CellKind.DURATION,
            hint="evaluation_opens"),
        SheetColumn("evaluation_closes", "Evaluering lukker", "Evaluation closes", CellKind.DURATION,
            hint="evaluation_closes"),
        SheetColumn("certificate", "Kursusbevis", "Certificate", CellKind.CHOICE, labels.CERTIFICATES,
            hint="certificate"),
        SheetColumn("approval.by", "Godkendes af", "Approved by", CellKind.CHOICE, labels.APPROVERS,
            hint="approval"),
        SheetColumn("approval.deputy", "Stedfortræder", "Deputy", hint="approval_deputy"),
        SheetColumn("approval.working_days", "Lederens frist", "Manager's deadline", CellKind.NUMBER,
            hint="approval_days"),
        SheetColumn("approval.overdue", "Uden lederens svar", "Without the manager's answer",
            CellKind.CHOICE, labels.OVERDUE, hint="approval_overdue"),
        SheetColumn("hide_attendees", "Skjul deltagere", "Hide attendees", CellKind.FLAG,
            hint="hide_attendees"),
        SheetColumn("cancel_reason", "Aflysningsgrund", "Cancel reason", hint="cancel_reason"),
        SheetColumn("tags", "Strategitemaer", "Tags", CellKind.NAMES, hint="tags"),
        CASE, NOTE, WHEN, WAS, *ONE_SESSION,
    ),
    named_by="title",
    left_out=frozenset(column.key for column in ONE_SESSION),
    never_meant=frozenset(column.key for column in ONE_SESSION),
)  # fmt: skip
IN_SHORT = (
    "title", "status", "audience", "day", "from", "to", "venue.name", "enrolment.capacity",
    "enrolment.deadline", "responsible", "id",
)  # fmt: skip
_BY_KEY = {column.key: column for column in COURSES.columns}
SIMPLE_COURSES = Sheet(
    "simple_courses", "Enkle kurser", "Simple courses",
    (
        *(_BY_KEY[key] for key in IN_SHORT),
        *(column for column in COURSES.columns if column.key not in IN_SHORT),
    ),
    named_by="title",
    left_out=frozenset(_BY_KEY) - {*IN_SHORT},
)  # fmt: skip
OFFERINGS = Sheet(
    "offerings", "Hold", "Offerings",
    (OF_COURSE, SheetColumn("id", "Hold", "Offering", hint="id"), TITLE, CAPACITY, *VENUE, WHEN, WAS),
    named_by="title",
)  # fmt: skip
SESSIONS = Sheet(
    "sessions", "Sessioner", "Sessions",
    (
        OF_COURSE, OF_OFFERING,
        SheetColumn("id", "Session", "Session", hint="session_id"),
        TITLE,
        SheetColumn("start", "Start", "Start", CellKind.MOMENT, hint="start"),
        SheetColumn("end", "Slut", "End", CellKind.END, hint="end"),
        SheetColumn("period", "Periode", "Period", CellKind.PERIOD, hint="period"),
        AUDIENCE, OPTIONAL_AUDIENCE, *VENUE, DESCRIPTION, WHEN, WAS,
    ),
)  # fmt: skip
SPEAKERS = Sheet("speakers", "Oplægsholdere", "Speakers", (OF_COURSE, NAME, EMAIL))
FUNDING = Sheet(
    "course_funding", "Finansiering", "Course funding",
    (OF_COURSE, SheetColumn("pool", "Pulje", "Pool"), AMOUNT, PURPOSE, SPENT, WHEN),
)  # fmt: skip
MATERIALS = Sheet(
    "materials", "Materialer", "Materials", (OF_COURSE, TITLE, SheetColumn("url", "Link", "Link", hint="url"))
)
QUESTIONS = Sheet(
    "questions", "Spørgsmål", "Questions",
    (
        OF_COURSE,
        SheetColumn("id", "Id", "Id", hint="question_id"),
        SheetColumn("text", "Spørgsmål", "Question", hint="question_text"),
        SheetColumn("kind", "Svarform", "Kind", CellKind.CHOICE, labels.QUESTION_KINDS, hint="question_kind"),
        SheetColumn("options", "Svarmuligheder", "Options", CellKind.NAMES, hint="answer_options"),
        SheetColumn("required", "Skal besvares", "Required", CellKind.FLAG, hint="required"),
        SheetColumn("seen_by", "Hvem ser svaret", "Seen by", CellKind.CHOICE, labels.SEEN_BY,
            hint="seen_by"),
        SheetColumn("keep_days", "Slettes efter dage", "Keep days", CellKind.NUMBER, hint="keep_days"),
    ),
    named_by="text",
)  # fmt: skip
EVALUATION_QUESTIONS = Sheet(
    "evaluation_questions", "Evalueringsspørgsmål", "Evaluation questions",
    (
        OF_COURSE,
        SheetColumn("id", "Id", "Id", hint="question_id"),
        SheetColumn("text", "Spørgsmål", "Question", hint="evaluation_text"),
        SheetColumn("kind", "Svarform", "Kind", CellKind.CHOICE, labels.EVALUATION_KINDS,
            hint="evaluation_kind"),
        SheetColumn("options", "Svarmuligheder", "Options", CellKind.NAMES, hint="answer_options"),
    ),
    named_by="text",
)  # fmt: skip
AFTER = Sheet(
    "after", "Opgaver bagefter", "Tasks afterwards",
    (
        OF_COURSE,
        SheetColumn("id", "Id", "Id", hint="task_id"),
        SheetColumn("was", "Var", "Was", hint="task_was"),
        SheetColumn("text", "Opgave", "Task", hint="task_text"),
        SheetColumn("material", "Materiale", "Material", hint="url"),
        SheetColumn("due", "Hvornår", "Due", CellKind.DAY_OR_DURATION, hint="task_due"),
        SheetColumn("to", "Til", "To", CellKind.CHOICES, labels.TASK_TARGETS, hint="task_to"),
        SheetColumn("question", "Spørgsmål", "Question", hint="task_question"),
        SheetColumn("closes", "Svar senest", "Closes", CellKind.DAY_OR_DURATION, hint="task_closes"),
        SheetColumn("names", "HR ser navne", "Names", CellKind.FLAG, hint="task_names"),
    ),
    named_by="text",
)  # fmt: skip

SHEETS = (
    SIMPLE_COURSES, PLAN, COURSES, OFFERINGS, SESSIONS, SPEAKERS, FUNDING, MATERIALS, QUESTIONS,
    EVALUATION_QUESTIONS, AFTER, AUDIENCES, PEOPLE, DELEGATES, POOLS, RESERVED, EXPENSES, ASSUMPTIONS,
    REMINDERS, TEXTS, CLOSING_DAYS, SCHOOL_HOLIDAYS,
)  # fmt: skip
PLAN_HEADINGS = ("Navn", "Værdi")
