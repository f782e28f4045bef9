"""The story of the demonstration: what happens from March to July 2025, step by step, as data.

The plan is the municipality's own, `config/plans/norddjurs.yaml`, as it stands after the decision of
12 March 2025; its later edits stand here, in the words that HR would type. The texts around the
steps are in the catalogue (`demo.step.<id>.…`). Times are wall times of the plan's zone. Only the date
of the leader day is the municipality's: every other date, place and person here is an example.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.demo.acts import (
    AtTheDoor,
    CollectAnswers,
    Decide,
    EditInOutlook,
    EditPlan,
    FillInForms,
    GiveCertificates,
    LeavingColleague,
    LookAtDecisions,
    LookAtEvaluations,
    LosePlanFrom,
    Members,
    NewColleague,
    OneEventEach,
    OutlookForgot,
    RestorePlan,
    Round,
    SameRegistrations,
    SendReminders,
    SendReport,
    Step,
    Sync,
    Trouble,
)
from bot.domain.approvals import WaitReason
from bot.sandbox.behaviour import Habits, Script

LEADER_DAY = "norddjurs/lederdag-2025/main/dag"
SAFETY, SAFETY_2025 = "psykologisk-tryghed", "psykologisk-tryghed-2025"
SECOND_DATE = f"norddjurs/{SAFETY}/hold-2/dag"
CHANNEL = "ledere"
ALL_LEADERS = "alle-ledere@norddjurs.example"
DEPARTMENTS = (
    "koncernledelse@norddjurs.example",
    "boern-unge-ledere@norddjurs.example",
    "sosu-ledere@norddjurs.example",
    "teknik-miljoe-ledere@norddjurs.example",
    "kultur-fritid-ledere@norddjurs.example",
    "arbejdsmarked-ledere@norddjurs.example",
    "stab-ledere@norddjurs.example",
)

# Most answer within days. Of two dates everybody takes the one that fits, so the other is declined.
HABITS = Habits(accept=0.7, decline=0.08, tentative=0.07, latest=timedelta(days=8))
SCRIPTS = (
    Script(
        person="[a-k].*", subject="Psykologisk tryghed.*Hold 2", response="decline", after=timedelta(hours=3)
    ),
    Script(
        person="[l-z].*", subject="Psykologisk tryghed.*Hold 1", response="decline", after=timedelta(hours=5)
    ),
)

SPRING_DATED = (
    EditPlan(
        before="""    status: proposed
    audience: ledere
    enrolment: {mode: choose}""",
        after="""    status: approved
    audience: ledere
    venue: {name: Rådhuset, room: sal-1@norddjurs.example}
    enrolment: {mode: choose, deadline: 2025-04-25T12:00, capacity: 120}
    evaluation: standard""",
    ),
    EditPlan(
        before="{id: hold-1, title: Hold 1, sessions: [{id: dag, period: 2023-H2}]}",
        after=(
            "{id: hold-1, title: Hold 1, sessions: [{id: dag, start: 2025-05-06T09:00, end: "
            "2025-05-06T15:00}]}"
        ),
    ),
    EditPlan(
        before="så lederne kan vælge?\n    value: undecided", after="så lederne kan vælge?\n    value: true"
    ),
    EditPlan(
        before="{id: hold-2, title: Hold 2, when: to-datoer, sessions: [{id: dag, period: 2023-H2}]}",
        after=(
            "{id: hold-2, title: Hold 2, when: to-datoer, sessions: [{id: dag, start: 2025-05-14T09:00, "
            "end: 2025-05-14T15:00}]}"
        ),
    ),
    EditPlan(
        before="    status: proposed\n    audience: [ledere, med]",
        after="    status: approved\n    audience: [ledere, med]",
    ),
    EditPlan(
        before="{id: formiddag, title: Formiddag, period: 2023-H2}",
        after="{id: formiddag, title: Formiddag, start: 2025-05-20T09:00, end: 2025-05-20T12:00}",
    ),
)
MOVED_BY_A_DAY = EditPlan(
    before="start: 2025-05-14T09:00, end: 2025-05-14T15:00",
    after="start: 2025-05-15T09:00, end: 2025-05-15T15:00",
)
MORE_SEATS = EditPlan(
    before="deadline: 2025-04-25T12:00, capacity: 120}", after="deadline: 2025-04-25T12:00, capacity: 125}"
)
LEADER_DAY_APPROVED = (
    EditPlan(
        before="""    status: save_the_date
    audience: ledere
""",
        after="""    status: approved
    audience: ledere
    venue: {name: Eksempelhallen, address: "Prøvevej 1, 8500 Grenaa", room: sal-1@norddjurs.example}
    enrolment: {deadline: 2025-06-04T12:00}
    teams_channel: ledere
    attendance: {self_check_in: true}
    evaluation: standard
    certificate: all
    speakers: [{name: Ebbe Sandkassen, email: ebbe.sandkassen@norddjurs.example}]
    reminders:
      - {id: i-morgen, before: start, days: 1, at: "12:00", to: [registered, tentative],
         channels: [mail, channel], template: tomorrow}
      - {id: oplaeg, before: start, days: 1, at: "12:00", to: speakers, channels: [teams], template: tomorrow}
""",
    ),
    EditPlan(
        before="{id: dag, start: 2025-06-18}",
        after="{id: dag, start: 2025-06-18T09:00, end: 2025-06-18T15:30}",
    ),
)
TITLE = "Fælles lederdag 2025 – Sammen om ledelse"
TITLE_IN_OUTLOOK = "Fælles lederdag 2025 – Sammen om ledelse (med frokost)"
ID_WITH_A_YEAR = EditPlan(before=f"  - id: {SAFETY}\n", after=f"  - id: {SAFETY_2025}\n")
ITS_OLD_NAME = EditPlan(
    before=f"  - id: {SAFETY_2025}\n", after=f"  - id: {SAFETY_2025}\n    was: {SAFETY}\n"
)
MED_ON_THE_20TH = "start: 2025-05-20T09:00, end: 2025-05-20T12:00"
MED_ON_THE_21ST = "start: 2025-05-21T09:00, end: 2025-05-21T12:00"
MED_CANCELLED = EditPlan(
    before="    status: approved\n    audience: [ledere, med]",
    after="    status: cancelled\n    audience: [ledere, med]",
)
FORM = "    options: [en-dag, flere-dage]\n    value: "
AUTUMN_DATED = (
    EditPlan(before=f"{FORM}undecided", after=f"{FORM}flere-dage"),
    EditPlan(
        before="""bruges bedst i hverdagen.
    status: proposed
""",
        after="""bruges bedst i hverdagen.
    status: approved
""",
    ),
    EditPlan(
        before="{id: del-1, title: Den nye retningslinje, period: 2024-H1,",
        after="{id: del-1, title: Den nye retningslinje, start: 2025-09-09T09:00, end: 2025-09-09T10:30,",
    ),
    EditPlan(
        before="{id: del-2, title: Retningslinjen i praksis, period: 2024-H1}",
        after="{id: del-2, title: Retningslinjen i praksis, start: 2025-09-09T10:45, end: 2025-09-09T12:00}",
    ),
    EditPlan(
        before="""med en gennemgang af skabelonerne.
    status: proposed
""",
        after="""med en gennemgang af skabelonerne.
    status: approved
    online: true
""",
    ),
    EditPlan(
        before="- {id: dag, period: 2024-H1}\n\n  # --- Efteråret 2024",
        after="- {id: dag, start: 2025-10-02T09:00, end: 2025-10-02T11:00}\n\n  # --- Efteråret 2024",
    ),
)
# A creation that happened but was answered with 504; three throttled ones; one whose connection broke after
# it happened.
STORM = Trouble(
    rules=(
        {"method": "POST", "path": "/events$", "nth": 1, "when": "after", "status": 504},
        {"method": "POST", "path": "/events$", "nth": 2, "times": 3, "status": 429, "retry_after": "0.3"},
        {"method": "POST", "path": "/events$", "nth": 6, "when": "after", "drop": True},
        {"method": "GET", "path": r"/events\?", "nth": 1, "status": 503, "retry_after": "0.2"},
    )
)


def _day(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2025, month, day, hour)  # noqa: DTZ001 - wall time of the plan's zone


def _waits(reason: WaitReason, *courses: str) -> tuple[tuple[str, WaitReason], ...]:
    return tuple((course, reason) for course in courses)


STORY = (
    Step(id="idea", at=_day(3, 12, 15), acts=(LookAtDecisions(),)),
    Step(
        id="save_the_date",
        at=_day(3, 17),
        acts=(
            Round(exit_code=3, silent=True, waits=_waits(WaitReason.PLAN, "lederdag-2025")),
            Decide(),
            Round(show=0),
        ),
    ),
    Step(
        id="spring",
        at=_day(3, 24),
        acts=(
            *SPRING_DATED,
            Round(exit_code=3, silent=True, waits=_waits(WaitReason.PLAN, SAFETY, "med-samarbejde")),
            Decide(course=SAFETY),
            Round(exit_code=3, show=0, waits=_waits(WaitReason.PLAN, "med-samarbejde")),
            Decide(course="med-samarbejde"),
            Round(show=0),
        ),
    ),
    Step(id="answers", at=_day(4, 2), acts=(CollectAnswers(courses=(SAFETY, "med-samarbejde")),)),
    Step(
        id="moved",
        at=_day(4, 3),
        acts=(
            MOVED_BY_A_DAY,
            Sync(),
            OutlookForgot(session=SECOND_DATE, registered=25),
            CollectAnswers(courses=(SAFETY,)),
        ),
    ),
    Step(id="answers_again", at=_day(4, 11), acts=(CollectAnswers(courses=(SAFETY,)),)),
    Step(
        id="staff",
        at=_day(4, 14),
        acts=(
            NewColleague(
                name="Nyanna Nyansatsen",
                mail="nyanna.nyansatsen@norddjurs.example",
                group="skoleledere@norddjurs.example",
            ),
            LeavingColleague(session=LEADER_DAY),
            Round(),
        ),
    ),
    Step(id="seats", at=_day(4, 22), acts=(MORE_SEATS, Sync(), CollectAnswers(courses=(SAFETY,)))),
    Step(id="approved", at=_day(4, 28), acts=(*LEADER_DAY_APPROVED, Sync())),
    Step(
        id="drift",
        at=_day(5, 5),
        acts=(EditInOutlook(session=LEADER_DAY, changes={"subject": TITLE_IN_OUTLOOK}), Round(silent=True)),
    ),
    Step(id="report", at=_day(5, 5, 10), acts=(SendReport(),)),
    Step(
        id="drift_settled",
        at=_day(5, 7),
        acts=(EditPlan(before=f"title: {TITLE}\n", after=f"title: {TITLE_IN_OUTLOOK}\n"), Round(silent=True)),
    ),
    Step(
        id="changed_id",
        at=_day(5, 8),
        acts=(
            CollectAnswers(courses=(SAFETY,)),
            ID_WITH_A_YEAR,
            Round(exit_code=3, silent=True, show=0, waits=_waits(WaitReason.ID, SAFETY, SAFETY_2025)),
            ITS_OLD_NAME,
            Round(silent=True),
            CollectAnswers(courses=(SAFETY_2025,)),
            SameRegistrations(old=SAFETY, new=SAFETY_2025),
            OneEventEach(),
        ),
    ),
    Step(
        id="emptied",
        at=_day(5, 9, 2),
        acts=(
            Members(group=ALL_LEADERS, remove=DEPARTMENTS),
            Round(
                exit_code=6,
                silent=True,
                waits=_waits(WaitReason.EMPTY_GROUP, "lederdag-2025", "med-samarbejde", SAFETY_2025),
            ),
        ),
    ),
    Step(
        id="restored", at=_day(5, 9), acts=(Members(group=ALL_LEADERS, add=DEPARTMENTS), Round(silent=True))
    ),
    Step(
        id="rejected",
        at=_day(5, 12),
        acts=(
            EditPlan(before=MED_ON_THE_20TH, after=MED_ON_THE_21ST),
            Round(exit_code=3, silent=True, waits=_waits(WaitReason.PLAN, "med-samarbejde")),
            Decide(course="med-samarbejde", approved=False),
            Round(silent=True, show=0),
            EditPlan(before=MED_ON_THE_21ST, after=MED_ON_THE_20TH),
            Round(silent=True, show=0),
        ),
    ),
    Step(id="cancelled", at=_day(5, 12, 14), acts=(MED_CANCELLED, Sync())),
    Step(
        id="few_answers",
        at=_day(5, 16),
        acts=(FillInForms(course=SAFETY_2025, forms=3),),
    ),
    Step(id="storm", at=_day(5, 26), acts=(*AUTUMN_DATED, STORM, Sync(), Trouble(), OneEventEach())),
    Step(id="asked", at=_day(5, 30), acts=(CollectAnswers(courses=("lederdag-2025",)), SendReminders())),
    Step(
        id="broken_plan",
        at=_day(6, 2),
        acts=(
            LosePlanFrom(passage="  # --- Første halvår 2024"),
            Round(
                exit_code=3,
                silent=True,
                show=0,
                waits=_waits(WaitReason.GONE, "boarding", "lederdag-2025", "seniorordninger"),
            ),
            RestorePlan(),
            Round(silent=True, show=0),
        ),
    ),
    Step(
        id="quiet",
        at=_day(6, 11),
        acts=(
            CollectAnswers(courses=(SAFETY_2025, "seniorordninger", "boarding", "lederdag-2025")),
            Sync(silent=True),
            OneEventEach(),
        ),
    ),
    Step(id="practical", at=_day(6, 11, 10), acts=(SendReminders(),)),
    Step(
        id="tomorrow", at=_day(6, 17, 12), acts=(CollectAnswers(courses=("lederdag-2025",)), SendReminders())
    ),
    Step(
        id="door",
        at=_day(6, 18),
        acts=(
            AtTheDoor(
                session=LEADER_DAY, by_code=12, absent=24, walk_ins=("Gæst fra Nabokommunen", "Rita Ringind")
            ),
        ),
    ),
    Step(id="thanks", at=_day(6, 18, 18), acts=(SendReminders(), SendReminders())),
    Step(id="certificates", at=_day(6, 20), acts=(GiveCertificates(course="lederdag-2025"),)),
    Step(
        id="evaluated",
        at=_day(6, 25),
        acts=(FillInForms(course="lederdag-2025", forms=250), SendReminders()),
    ),
    Step(
        id="results",
        at=_day(7, 3),
        acts=(LookAtEvaluations(courses=("lederdag-2025", SAFETY_2025), hidden=(SAFETY_2025,)),),
    ),
)
