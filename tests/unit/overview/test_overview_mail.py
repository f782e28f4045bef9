"""Which edition an overview is, and what the mail of it has: the paper as a file, and what is to be decided in the order of the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pypdf
import pytest

from bot.domain.errors import InputError
from bot.domain.messages import Letter, Message
from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.domain.templates import MessageKind
from bot.messages.overview_mail import MOST_MATTERS, Matter, OverviewMail, render_overview_mail
from bot.messages.visible_text import visible_text
from bot.overview import mail
from bot.overview.mail import edition_of
from tests.builders.overviews import NOW, directors_plan
from tests.unit.overview.formats import directors

PLAN = directors_plan()


def edition(overview, language=Language.DA):
    return edition_of(overview, PLAN, language)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(mail, "overview_pdf", lambda document, *, made: f"%PDF {document.title} {made}".encode())


def test_when_it_was_made_is_no_part_of_an_edition_and_everything_else_is():
    first = directors()
    said = edition(first)
    again = edition(replace(first, as_of=first.as_of + timedelta(hours=2)))
    assert (again.digest, again.series) == (said.digest, said.series)
    at = next(at for at, course in enumerate(first.courses) if course.status is CourseStatus.APPROVED)
    course = first.courses[at]
    joined = replace(course, seats=replace(course.seats, registered=course.seats.registered + 1))
    others = [
        edition(first, Language.EN),
        edition(replace(first, years=(2024,))),
        edition(replace(first, organisation="En anden kommune")),
        edition(replace(first, courses=(*first.courses[:at], joined, *first.courses[at + 1 :]))),
        edition(replace(first, courses=first.courses[1:])),
    ]
    assert len({one.digest for one in (said, *others)}) == 1 + len(others)


def test_years_stand_in_the_series_so_that_one_years_paper_takes_no_others_place():
    one, both = edition(replace(directors(), years=(2024,))), edition(replace(directors(), years=(2024, 2025)))
    stems = [made.series.stem for made in (one, both, edition(directors()), edition(directors(), Language.EN))]
    assert stems == ["overview/2024/da/", "overview/2024+2025/da/", "overview/all/da/", "overview/all/en/"]
    assert one.notice.attachments[0].name == "oversigt-2024.pdf"
    assert edition(directors(), Language.EN).notice.attachments[0].name == "overview.pdf"


def test_a_paper_that_no_request_could_carry_is_told_before_anything_is_begun(monkeypatch):
    monkeypatch.setattr(mail, "overview_pdf", lambda _document, *, made: bytes(mail.MOST_BYTES + bool(made)))
    with pytest.raises(InputError) as refused:
        edition(directors())
    assert (refused.value.code, refused.value.params["most"]) == ("overview_too_large", 3_000_000)


def test_the_largest_paper_fits_into_a_request_of_four_megabytes():
    assert -(-mail.MOST_BYTES // 3) * 4 < 4 * 1024 * 1024 - 150_000


def test_the_mail_has_the_papers_matters_in_its_order_and_the_file():
    notice = edition(directors()).notice
    told = " ".join(visible_text(notice.html).split())
    places = [told.index(what) for what in ("Mentorordning", "Beslutning 1: Får social", "Ledertalentudvikling Godkendes", "En idé")]
    assert places == sorted(places)
    assert "Opgjort den 1. februar 2024 kl. 09.00" in told
    assert [file.media_type for file in notice.attachments] == ["application/pdf"]


@pytest.mark.parametrize(("more", "said"), [(0, ""), (1, "Én sag mere står i oversigten"), (2, "2 sager mere står i oversigten")])
def test_more_matters_than_anybody_reads_in_a_mail_are_counted(more, said):
    matters = tuple(Matter(what=f"Sag {at}", decide=("Godkendes",), by="straks") for at in range(MOST_MATTERS + more))
    told = OverviewMail(title="Oversigt", made="Opgjort i dag", headings=("Det skal besluttes", "Sag", "Hvad", "Senest"), matters=matters)
    text = " ".join(visible_text(render_overview_mail(told, PLAN, Language.DA).html).split())
    assert ("mere står i oversigten" in text, said in text) == (bool(more), True)


def test_with_nothing_to_decide_the_mail_says_so():
    settled = replace(directors(), courses=(), decisions=())
    for language, said in ((Language.DA, "ikke noget, der skal besluttes"), (Language.EN, "nothing to decide")):
        assert said in visible_text(edition_of(settled, PLAN, language).notice.html)


def test_only_the_command_sends_it_and_its_bytes_are_in_no_log():
    made = edition(directors())
    message = Message(
        plan="p",
        key=made.series.key(1, made.digest, "a@b.example"),
        kind=MessageKind.OVERVIEW,
        course="",
        offering="",
        email="a@b.example",
        created_at=NOW,
    )
    assert (message.is_paper, message.is_report, message.is_reminder) == (True, False, False)
    letter = Letter(to=(), reply_to="", subject="", html="", attachments=edition(directors()).notice.attachments)
    assert "%PDF" not in repr(letter)


def test_the_real_paper_is_a_pdf_that_another_library_reads(monkeypatch):
    monkeypatch.undo()
    (file,) = edition(directors()).notice.attachments
    assert "Oversigt over kurser" in pypdf.PdfReader(BytesIO(file.content)).pages[0].extract_text()
