"""What was held before somebody sits down at the living demonstration: a small course in each phase, as data.

    course              on 3 April 2025
    ledelse-og-data     over, and three have evaluated it: too few to be shown
    coachende-ledelse   over, evaluated, and HR has given certificates, one of which holds no more
    svaer-samtale       over, its evaluation open, and certificates wait for HR
    ny-som-leder        today: its door opens

Everything about them is an example. Their people are those of schools and day care, so that whoever signs in
as a leader has a page with something in each phase.
"""

from __future__ import annotations

from datetime import datetime

from bot.demo.acts import (
    AtTheDoor,
    CollectAnswers,
    EditPlan,
    FillInForms,
    GiveCertificates,
    SendReminders,
    Step,
    Sync,
)

AUDIENCES = EditPlan(
    before="  hovedudvalg:\n    name: Hovedudvalget\n",
    after="""  boern-unge:
    name: Ledere på børn- og ungeområdet
    groups: [boern-unge-ledere@norddjurs.example]
  skoleledere:
    name: Skoleledere
    groups: [skoleledere@norddjurs.example]
  hovedudvalg:
    name: Hovedudvalget
""",
)
COURSES = EditPlan(
    before="courses:\n",
    after="""courses:
  - id: ledelse-og-data
    title: Ledelse og data
    theme: Styring
    status: approved
    audience: skoleledere
    venue: {name: Prøvesalen}
    evaluation: {form: standard, closes: 7d}
    attendance: {self_check_in: true}
    sessions:
      - {id: dag, start: 2025-03-25T09:00, end: 2025-03-25T11:00}
  - id: coachende-ledelse
    title: Coachende ledelse
    theme: Personaleledelse
    status: approved
    audience: boern-unge
    venue: {name: Eksempelhallen}
    evaluation: {form: standard, closes: 7d}
    attendance: {self_check_in: true}
    certificate: all
    sessions:
      - {id: dag, start: 2025-03-26T09:00, end: 2025-03-26T12:00}
  - id: svaer-samtale
    title: Den svære samtale
    theme: Personaleledelse
    status: approved
    audience: skoleledere
    venue: {name: Prøvesalen}
    evaluation: standard
    attendance: {self_check_in: true}
    certificate: all
    sessions:
      - {id: dag, start: 2025-03-31T09:00, end: 2025-03-31T12:00}
  - id: ny-som-leder
    title: Ny som leder
    theme: Personaleledelse
    description: |
      En dag om det første år som leder: rollen, samtalerne og fællesskabet.
    status: approved
    audience: skoleledere
    venue: {name: Prøvesalen}
    evaluation: standard
    attendance: {self_check_in: true}
    certificate: all
    sessions:
      - {id: dag, start: 2025-04-03T09:30, end: 2025-04-03T15:00}
""",
)
TITLES = "Ledelse og data|Coachende ledelse|Den svære samtale|Ny som leder"
ALL = ("ledelse-og-data", "coachende-ledelse", "svaer-samtale", "ny-som-leder")


def _day(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2025, month, day, hour)  # noqa: DTZ001 - wall time of the plan's zone


def _door(course: str, *, absent: int) -> AtTheDoor:
    return AtTheDoor(session=f"norddjurs/{course}/main/dag", by_code=3, absent=absent)


INVITED = Step(id="invited", at=_day(3, 17, 10), acts=(AUDIENCES, COURSES, Sync()))
HELD = (
    Step(
        id="data",
        at=_day(3, 25),
        acts=(CollectAnswers(courses=ALL), _door("ledelse-og-data", absent=1)),
    ),
    Step(
        id="coaching",
        at=_day(3, 26),
        acts=(_door("coachende-ledelse", absent=2), FillInForms(course="ledelse-og-data", forms=3)),
    ),
    Step(
        id="coaching_over",
        at=_day(3, 27),
        acts=(
            SendReminders(),
            FillInForms(course="coachende-ledelse", forms=9),
            GiveCertificates(course="coachende-ledelse"),
        ),
    ),
    Step(id="conversation", at=_day(3, 31), acts=(_door("svaer-samtale", absent=1),)),
    Step(id="conversation_over", at=_day(3, 31, 18), acts=(SendReminders(),)),
)
"""Between the approval of the spring and its answers."""
