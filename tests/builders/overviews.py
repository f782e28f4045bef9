"""A plan of the directors' kind, and a made year with 60 courses: what the overview is tried on."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from bot.domain.assumptions import Assumption, Term
from bot.domain.enrolment import ChooseVia, Enrolment, EnrolmentMode
from bot.domain.funding import CourseFunding, Expense, ExpenseStatus, FundingPool
from bot.domain.people import Language, Person
from bot.domain.plan import AudienceRule, Course, CoursePlan, CourseSession, CourseStatus, Offering
from bot.domain.programme import Speaker
from bot.overview.lines import Counts, DepartmentSeats, Seats

NOW = datetime(2024, 2, 1, 8, 0, tzinfo=UTC)
HR = ("hr@norddjurs.example",)
YES, NO = (Term(assumption="velfaerdsmidler", outcome=True),), (Term(assumption="velfaerdsmidler", outcome=False),)
ONE_DAY, MANY_DAYS = (Term(assumption="form", outcome="en-dag"),), (Term(assumption="form", outcome="flere-dage"),)
NOTHING_KNOWN = Counts(seats={}, members={}, on_events=frozenset())


def day(key, wall, hours=6, **more):
    start = datetime.fromisoformat(wall)
    return CourseSession(id=key, start=start, end=start + timedelta(hours=hours), **more)


def whole_day(key, first, **more):
    start = datetime.fromisoformat(first)
    return CourseSession(id=key, start=start, end=start + timedelta(days=1), all_day=True, **more)


def later(key, period, **more):
    return CourseSession(id=key, period=period, **more)


def main(*sessions, **more):
    return (Offering(id="main", sessions=sessions, **more),)


def paid(pool, amount=None, purpose=None, spent=None, when=()):
    return CourseFunding(
        pool=pool,
        amount=None if amount is None else Decimal(amount),
        purpose=purpose,
        spent=None if spent is None else Decimal(spent),
        when=when,
    )


def plan_of(*courses, **more):
    given = {
        "id": "norddjurs",
        "revision": "sha256:0",
        "organisation": "Norddjurs Kommune",
        "timezone": "Europe/Copenhagen",
        "language": Language.DA,
        "organiser": "lederudvikling@norddjurs.example",
        "contact": "hr@norddjurs.example",
        "audiences": (
            AudienceRule(id="ledere", name="Alle ledere", groups=("alle-ledere@norddjurs.example",)),
            AudienceRule(id="sosu", name="Ledere på social- og sundhedsområdet", groups=("sosu@norddjurs.example",)),
            AudienceRule(
                id="udvalg",
                name="Hovedudvalget",
                people=(Person(email="a@x.example", name="A"), Person(email="b@x.example", name="B")),
                exclude=("b@x.example",),
            ),
        ),
    }
    return CoursePlan(**{**given, **more}, courses=courses)


def directors_plan():
    """Two years of a municipality's leaders, with a pool of two purposes and two things undecided."""
    pools = (
        FundingPool(
            id="pulje-2024",
            name="Lederudviklingspuljen 2024",
            year=2024,
            amount=Decimal(300000),
            reserved=(("centrale kurser", Decimal(150000)), ("uddannelse", Decimal(100000))),
            expenses=(
                Expense(title="Tilskud til DOL", amount=Decimal(80000), purpose="uddannelse", status=ExpenseStatus.COMMITTED),
                Expense(title="Ledelsesevaluering", amount=Decimal("42500.50"), status=ExpenseStatus.SPENT, note="Faktura 118"),
                Expense(title="Masteruddannelse", purpose="uddannelse"),
            ),
        ),
        FundingPool(id="velfaerd-2024", name="Midler til social- og sundhedsområdet", year=2024),
        FundingPool(id="eu", name="EU-tilskud", year=2025, amount=Decimal(10000), currency="EUR"),
    )
    decisions = (
        Assumption(
            id="velfaerdsmidler",
            value=None,
            question="Får social- og sundhedsområdet midler til ledertalenter?",
            note="Afgøres i budgetforhandlingerne.",
        ),
        Assumption(
            id="form",
            value="flere-dage",
            question="Fastholdelse på én dag eller flere?",
            options=("en-dag", "flere-dage"),
            decided_by="Direktionen",
            decided_on=date(2024, 1, 17),
            case="24/118",
        ),
    )
    choose = Enrolment(mode=EnrolmentMode.CHOOSE, capacity=20, waiting_list=True)
    return plan_of(
        Course(
            id="tryghed",
            title="Psykologisk tryghed",
            theme="Psykologisk tryghed",
            status=CourseStatus.APPROVED,
            audience=("ledere",),
            enrolment=choose,
            responsible=HR,
            tags=("HR-strategiens tema 1",),
            case="23/4711",
            funding=(paid("pulje-2024", "60000", "centrale kurser", spent="12000"),),
            offerings=(
                Offering(id="hold-1", title="Hold 1", sessions=(day("dag", "2024-03-05T09:00"),)),
                Offering(id="hold-2", title="Hold 2", sessions=(day("dag", "2024-03-12T09:00"),)),
            ),
            speakers=(Speaker(name="Taler", email="taler@firma.example"),),
        ),
        Course(
            id="fastholdelse",
            title="Fastholdelse",
            theme="Fastholdelse",
            status=CourseStatus.APPROVED,
            audience=("ledere",),
            responsible=HR,
            funding=(paid("pulje-2024", "45000", "centrale kurser"),),
            offerings=main(
                day("samlet", "2024-04-10T08:30", when=ONE_DAY),
                day("del-1", "2024-04-10T08:30", 3, title="Seniorordninger", when=MANY_DAYS),
                day("del-2", "2024-05-15T08:30", 3, title="Sygefravær", when=MANY_DAYS),
            ),
        ),
        Course(
            id="ledertalent",
            title="Ledertalentudvikling",
            theme="Ledertalenter",
            status=CourseStatus.PROPOSED,
            audience=("sosu",),
            funding=(paid("velfaerd-2024", "100000", when=YES), paid("pulje-2024", "100000", "centrale kurser", when=NO)),
            offerings=main(later("forløb", "2024-H2", title="Forløb")),
        ),
        Course(
            id="arbejdsmiljoedag",
            title="Arbejdsmiljødagen",
            status=CourseStatus.LISTED,
            audience=("udvalg", "ledere"),
            offerings=main(whole_day("dag", "2024-10-02")),
        ),
        Course(
            id="lederdag-2025",
            title="Fælles lederdag 2025",
            status=CourseStatus.SAVE_THE_DATE,
            audience=("ledere",),
            responsible=HR,
            funding=(paid("eu", "2500.50"),),
            offerings=main(whole_day("dag", "2025-06-18")),
        ),
        Course(
            id="mentor",
            title="Mentorordning",
            status=CourseStatus.PROPOSED,
            audience=("ledere",),
            funding=(paid("pulje-2024"),),
            offerings=main(later("forløb", "2024")),
        ),
        Course(
            id="netvaerk",
            title="Netværk for nye ledere",
            status=CourseStatus.CANCELLED,
            cancel_reason="For få tilmeldte",
            audience=("ledere",),
            funding=(paid("pulje-2024", "9000", spent="1500"),),
            offerings=main(day("dag", "2024-09-03T09:00")),
        ),
        Course(id="ide", title="En idé", status=CourseStatus.PROPOSED, audience=("ledere",)),
        Course(id="kladde", title="Kladden", status=CourseStatus.DRAFT, audience=("ledere",), funding=(paid("pulje-2024", "99999"),)),
        Course(
            id="velfaerdsleder",
            title="Introduktion til velfærdsledelse",
            status=CourseStatus.APPROVED,
            when=YES,
            audience=("sosu", "udvalg"),
            enrolment=Enrolment(mode=EnrolmentMode.CHOOSE, via=ChooseVia.LINK),
            speakers=(Speaker(name="Taler", email="taler@firma.example"), Speaker(name="Uden adresse")),
            offerings=main(day("dag", "2024-11-05T09:00"), day("opfølgning", "2024-12-03T09:00")),
        ),
        funding=pools,
        assumptions=decisions,
    )


DEPARTMENTS = {"": 6, "Skole og Dagtilbud": 11, "Social og Sundhed": 16}


def directors_counts():
    return Counts(
        seats={
            "tryghed": Seats(
                capacity=40,
                invited=117,
                registered=33,
                tentative=4,
                waitlisted=2,
                declined=18,
                unanswered=60,
                departments=tuple(DepartmentSeats(name=name, registered=count) for name, count in DEPARTMENTS.items()),
            ),
            "lederdag-2025": Seats(invited=117),
        },
        members={"ledere": frozenset(f"leder-{number}@x.example" for number in range(117))},
        on_events=frozenset({("tryghed", "hold-1", "dag"), ("tryghed", "hold-2", "dag"), ("lederdag-2025", "main", "dag")}),
    )


def year_of_sixty():
    """A year in which everything happens: 60 courses of every status, four pools, nine things undecided."""
    names = [f"valg-{number}" for number in range(9)]
    decisions = tuple(
        Assumption(id=name, value=None if number else True, question=f"Spørgsmål {number}?") for number, name in enumerate(names)
    )
    statuses = [status for status in CourseStatus if status is not CourseStatus.DRAFT]
    courses = []
    for number in range(60):
        month, weekday = number % 12 + 1, number % 5 + 1
        when = (Term(assumption=names[number % 9], outcome=number % 2 == 0),) if number % 4 == 0 else ()
        session = day("dag", f"2026-{month:02}-{weekday + 8:02}T09:00") if number % 3 else later("dag", f"2026-{month:02}")
        courses.append(
            Course(
                id=f"kursus-{number:02}",
                title=f"Kursus {number}: ledelse i praksis på området for kultur, fritid og borgerservice",
                theme=f"Tema {number % 5}",
                status=statuses[number % len(statuses)],
                audience=("ledere",) if number % 2 else ("sosu", "udvalg"),
                responsible=HR,
                enrolment=Enrolment(capacity=20 + number),
                case=f"26/{number:04}" if number % 2 else "",
                funding=(
                    paid(f"pulje-{number % 4}", f"{1000 + number * 137}.{number % 100:02}", "kurser" if number % 2 else None, when=when),
                ),
                offerings=main(session),
            )
        )
    pools = tuple(
        FundingPool(id=f"pulje-{number}", name=f"Pulje {number}", year=2026, amount=Decimal(80000), reserved=(("kurser", Decimal(50000)),))
        for number in range(4)
    )
    return plan_of(*courses, funding=pools, assumptions=decisions)
