"""The Danish words for the format's fixed choices, as a workbook's drop-downs show them; both are read."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

from bot.domain import local_tasks, templates, wording

Labels: TypeAlias = tuple[tuple[str, str], ...]  # (word of the format, Danish word)

LANGUAGES: Labels = (("da", "dansk"), ("en", "engelsk"))
FLAGS: Labels = (("true", "ja"), ("false", "nej"))
DECISIONS: Labels = (*FLAGS, ("undecided", "uafklaret"))
STATUSES: Labels = (
    ("draft", "kladde"),
    ("listed", "kun i oversigten"),
    ("proposed", "foreslået"),
    ("save_the_date", "reservér datoen"),
    ("approved", "godkendt"),
    ("cancelled", "aflyst"),
)
EXPENSE_STATUSES: Labels = (("planned", "planlagt"), ("committed", "disponeret"), ("spent", "brugt"))
MODES: Labels = (("invite", "alle inviteres"), ("choose", "vælg hold"), ("signup", "tilmeld selv"))
VIAS: Labels = (("outlook", "Outlook"), ("link", "link"))
UNANSWERED: Labels = (("leave", "lad stå"), ("release", "frigiv"), ("assign", "fordel"))
LATE: Labels = (("accept", "tag imod"), ("waitlist", "venteliste"), ("refuse", "afvis"))
ANCHORS: Labels = (("start", "start"), ("end", "slut"), ("deadline", "svarfrist"), ("invited", "invitation"))
TARGETS: Labels = (
    ("registered", "tilmeldte"),
    ("tentative", "foreløbige"),
    ("unconfirmed", "ikke bekræftet efter flytning"),
    ("unanswered", "ubesvarede"),
    ("optional", "valgfri"),
    ("declined", "afslag"),
    ("waitlisted", "venteliste"),
    ("attended", "fremmødte"),
    ("no_show", "udeblevne"),
    ("everyone", "alle"),
    ("speakers", "oplægsholdere"),
    ("responsible", "ansvarlig"),
)
TASK_TARGETS: Labels = tuple((word, name) for word, name in TARGETS if word in {*local_tasks.TO})
QUESTION_KINDS: Labels = (("text", "tekst"), ("choice", "valg"), ("yes_no", "ja/nej"))
SEEN_BY: Labels = (
    ("hr", "kun HR"),
    ("responsible", "HR og ansvarlige"),
    ("participants", "alle deltagere"),
)
READY_MADE: Labels = (("allergies", "allergier"),)
EVALUATION_FORMS: Labels = (("standard", "standard"),)
EVALUATION_KINDS: Labels = (("scale", "skala"), ("choice", "valg"), ("text", "tekst"))
READY_EVALUATIONS: Labels = (
    ("overall", "helhedsindtryk"),
    ("useful", "udbytte"),
    ("taught", "oplæg"),
    ("practical", "rammer"),
    ("best", "det bedste"),
    ("better", "det næste"),
)
CERTIFICATES: Labels = (
    ("all", "alle gange"),
    ("most", "mindst 80 %"),
    ("half", "mindst halvdelen"),
    ("any", "mindst én gang"),
)
APPROVERS: Labels = (("manager", "nærmeste leder"),)
MANAGERS: Labels = (
    ("page", "en side"),
    ("weekly", "en side og ugentlig mail"),
    ("monthly", "en side og månedlig mail"),
)
OVERDUE: Labels = (("hr", "HR afgør"), ("yes", "ja"), ("no", "nej"))
CHANNELS: Labels = (("mail", "mail"), ("teams", "Teams"), ("channel", "kanal"))
DURATIONS = {"m": ("minut", "minutter"), "h": ("time", "timer"), "d": ("dag", "dage"), "w": ("uge", "uger")}
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
TEMPLATES: Labels = tuple((name, row.excel) for name, row in templates.IN_RULES.items())
MESSAGES: Labels = tuple((name, row.excel) for name, row in wording.WORDED.items())


def danish(labels: Labels, word: str) -> str:
    """The Danish word for a word of the format."""
    return dict(labels)[word]


def danish_condition(when: str) -> str:
    """`not velfaerdsmidler and form = en-dag` in Danish words, which are read as well."""
    terms = (
        "ikke " + term.removeprefix("not ") if term.startswith("not ") else term
        for term in when.split(" and ")
    )
    return " og ".join(terms)


def danish_period(period: str) -> str:
    """`2030-H2` as `2. halvår 2030`, `2030-09` as `september 2030`; both are read."""
    year, _, part = period.partition("-")
    if not part:
        return period
    halves = {"H": "halvår", "Q": "kvartal"}
    return f"{part[1]}. {halves[part[0]]} {year}" if part[0] in halves else f"{MONTHS[int(part) - 1]} {year}"


def danish_duration(length: str) -> str:
    """`2h` as `2 timer`, `1d` as `1 dag`; both are read."""
    number, (one, several) = length[:-1], DURATIONS[length[-1]]
    return f"{number} {one if number == '1' else several}"


def word_for(labels: Labels, written: str) -> str | None:
    """The format's word for what somebody wrote in Danish or in the format's own words; None for neither."""
    return _words(labels).get(_folded(written)) if labels else None


@cache
def _words(labels: Labels) -> dict[str, str]:
    """By all that may be written for it; what two have is the first one's."""
    return {_folded(name): word for word, danish_name in reversed(labels) for name in (danish_name, word)}


def _folded(words: str) -> str:
    """As it is compared: `Save the date` is `save_the_date`, `reserver datoen` is `reservér datoen`."""
    return (
        " ".join(words.replace("_", " ").replace("-", " ").replace("/", " ").split())
        .casefold()
        .replace("é", "e")
    )
