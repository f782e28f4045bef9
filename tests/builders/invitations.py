"""Courses to write invitations for: one plain, one with everything, one that means harm, one that goes on and on."""

from __future__ import annotations

from datetime import datetime

from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode, LateAnswer, Unanswered
from bot.domain.people import Language
from bot.domain.plan import Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.programme import Material, Speaker, Venue

DAY = CourseSession(id="dag", start=datetime(2025, 6, 18, 9), end=datetime(2025, 6, 18, 15, 30))
ONLY = Offering(id="main", sessions=(DAY,))
PLAN = CoursePlan(
    id="aadal",
    revision="sha256:0",
    organisation="Ådal Kommune",
    timezone="Europe/Copenhagen",
    language=Language.DA,
    organiser="kurser@aadal.example",
    contact="hr@aadal.example",
)


def course(**facts: object) -> Course:
    """A course with one session, approved, whose audience is invited; `facts` say what is different."""
    return Course(**{"id": "lederdag", "title": "Fælles lederdag", "status": CourseStatus.APPROVED, "offerings": (ONLY,)} | facts)


def offering(*sessions: CourseSession, **facts: object) -> Offering:
    return Offering(**{"id": "hold-1", "sessions": sessions or (DAY,)} | facts)


PLACEHOLDER = course(status=CourseStatus.SAVE_THE_DATE, theme="Professionelt aktørskab", online=True)

EVERYTHING = course(
    title="Psykologisk tryghed – sundt arbejdsmiljø og sund præstationskultur",
    theme="Fejl, der gør os klogere",
    description="Vi taler åbent om *fejl* og **lærer** af dem.\n\n- For ledere\n- Med øvelser\n\nLæs [mere om dagen](https://aadal.example/tryghed?år=2023&del=1).",
    speakers=(Speaker(name="Ekstern oplægsholder"), Speaker(name="Værten", email="vaert@aadal.example"), Speaker(name="Øvelseslederen")),
    enrolment=Enrolment(
        mode=EnrolmentMode.CHOOSE,
        deadline=datetime(2023, 9, 20, 12),
        capacity=40,
        waiting_list=True,
        unanswered=Unanswered.ASSIGN,
        late=LateAnswer.WAITLIST,
        handover=True,
    ),
    venue=Venue(name="Kulturhuset", address="Torvet 1"),
    online=True,
    materials=(Material(title="Læs før dagen", url="https://aadal.example/læs?a=1&b=2"),),
    offerings=(
        offering(
            CourseSession(
                id="dag",
                title="Kursusdag",
                start=datetime(2023, 10, 3, 9),
                end=datetime(2023, 10, 3, 15),
                description="| Hvornår | Hvad |\n| --- | --- |\n| Først | Oplæg |\n| Så | Øvelser i grupper |\n\n1. Kaffe\n2. Frokost",
            ),
            CourseSession(id="opfoelgning", title="Opfølgning", start=datetime(2023, 11, 3, 9), end=datetime(2023, 11, 3, 11)),
            title="Hold 1",
        ),
        offering(DAY, id="hold-2", title="Hold 2"),
    ),
)

HOSTILE = course(
    title="</title><script>alert(1)</script>",
    theme="<script>alert('tema')</script> {{7*7}} {% raw %} \x00\u202ebagvendt",
    description=(
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> <b>ulukket\n\n[klik](javascript:alert(1)) "
        "[data](data:text/html;base64,PHNjcmlwdD4=) <javascript:alert(1)> [sti](/etc/passwd) ![billede](https://ond.example/spion.png)\n\n"
        '[ok](https://aadal.example/"onmouseover="alert(1)) {{ config }} </td></tr></table><table>\n\n[a<b](<https://aadal.example/<p>>)'
    ),
    speakers=(Speaker(name='<a href="javascript:alert(1)">Taler</a>'),),
    materials=(Material(title="<b>Fil", url="javascript:alert(1)"), Material(title="Fin", url='https://aadal.example/"><script>')),
    enrolment=Enrolment(mode=EnrolmentMode.SIGNUP),
)

LONG = course(
    title="Et meget langt kursus om " + "ledelse og samarbejde og " * 15 + "alt det andet",
    theme="Langt " * 60,
    description="Ord " * 400 + "\n\n" + "Uafbrudt" * 60,
    enrolment=Enrolment(mode=EnrolmentMode.CHOOSE, via=ChooseVia.LINK, capacity=10),
    offerings=(offering(title="Hold 1"), offering(id="hold-2", title="Hold 2")),
)
