"""`CoursePlan` → the document that says it, as plain values.

What both writers write, and the parser reads back.

Keys are those of the format; what the plan leaves at its default is left out. A timed wall time is a
`datetime`, a date alone a `date`, a wall clock a `time`, money a `Decimal`.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.domain.assumptions import condition_text
from bot.domain.closing_days import SchoolHoliday
from bot.domain.enrolment import Enrolment
from bot.domain.evaluation import READY_EVALUATION, EvaluationForm, EvaluationKind
from bot.domain.funding import ExpenseStatus
from bot.domain.local_tasks import FOR_WHO_CAME, OPEN_FOR
from bot.domain.plan import MAIN_OFFERING
from bot.domain.questions import READY_MADE, Question, QuestionKind
from bot.domain.sending import SendingRules
from bot.plan.keys import FORMAT_VERSION
from bot.plan.moments import duration_text
from bot.plan.read_approval import written_approval
from bot.plan.read_assumptions import UNDECIDED, YES_OR_NO
from bot.plan.read_evaluation import STANDARD_WORD

if TYPE_CHECKING:
    from bot.domain.assumptions import Assumption, Outcome
    from bot.domain.closing_days import ClosingDay, SchoolHoliday
    from bot.domain.delegates import Delegate
    from bot.domain.evaluation import EvaluationQuestion
    from bot.domain.funding import CourseFunding, Expense, FundingPool
    from bot.domain.local_tasks import Due, LocalTask
    from bot.domain.people import Language, Person
    from bot.domain.plan import AudienceRule, Course, CoursePlan, CourseSession, Offering
    from bot.domain.programme import Speaker, Venue
    from bot.domain.reminder_rules import ReminderRule
    from bot.domain.wording import Wording

Document: TypeAlias = dict[str, Any]


def plan_document(plan: CoursePlan) -> Document:
    """The whole plan; the revision is not part of it."""
    return _without_empty(
        version=FORMAT_VERSION,
        id=plan.id,
        was=plan.was,
        organisation=plan.organisation,
        timezone=plan.timezone,
        language=plan.language.value,
        organiser=plan.organiser,
        contact=plan.contact,
        holidays=plan.holidays,
        closing_days=[_closing_day(day) for day in plan.closing_days],
        school_holidays=[_school_holiday(days) for days in plan.school_holidays],
        sending=_sending(plan.sending),
        managers=plan.managers.value if plan.managers else None,
        audiences={audience.id: _audience(audience) for audience in plan.audiences},
        delegates=[_delegate(one) for one in plan.delegates],
        funding={pool.id: _pool(pool) for pool in plan.funding},
        assumptions={item.id: _assumption(item) for item in plan.assumptions},
        reminders=[_reminder(rule) for rule in plan.reminders],
        texts=[_wording(wording, plan.language) for wording in plan.texts],
    ) | {"courses": [_course(course, plan.language) for course in plan.courses]}


def json_document(plan: CoursePlan) -> Document:
    """The same in JSON's own values, to be kept; read as YAML it gives the same plan but for the revision."""
    written = json.dumps(plan_document(plan), ensure_ascii=False, default=as_written)
    return json.loads(written)  # type: ignore[no-any-return]


def as_written(value: object) -> str:
    """Dates, clocks and amounts as the format writes them."""
    match value:
        case datetime():
            return f"{value:%Y-%m-%dT%H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case Decimal():
            return str(value)
        case _:
            raise TypeError(type(value))


def _without_empty(**values: Any) -> Document:
    """The values that say something: neither None nor an empty text, list or mapping. False and 0 stay."""
    return {key: value for key, value in values.items() if value is not None and value not in ("", [], {})}


def _unless(value: Any, default: Any) -> Any:
    return None if value == default else value


def _one_or_more(names: tuple[str, ...]) -> str | list[str]:
    return names[0] if len(names) == 1 else list(names)


def _closing_day(day: ClosingDay) -> str:
    yearly = f"{day.month:02}-{day.day:02}"
    return yearly if day.year is None else f"{day.year}-{yearly}"


def _school_holiday(days: SchoolHoliday) -> str:
    return f"{days.first}" if days.first == days.last else f"{days.first}..{days.last}"


def _sending(rules: SendingRules) -> Document:
    silent = SendingRules()
    values = {
        "from": _unless(rules.from_time, silent.from_time),
        "to": _unless(rules.to_time, silent.to_time),
        "weekends": _unless(rules.weekends, silent.weekends),
        "digest": _unless(rules.digest, silent.digest),
        "max_per_week": _unless(rules.max_per_week, silent.max_per_week),
    }
    return _without_empty(**values)


def _audience(audience: AudienceRule) -> Document:
    return _without_empty(
        name=audience.name,
        groups=list(audience.groups),
        people=[_person(person) for person in audience.people],
        exclude=list(audience.exclude),
    )


def _person(person: Person) -> Document:
    return _without_empty(
        email=person.email, name=person.name, language=person.language.value if person.language else None
    )


def _delegate(delegate: Delegate) -> Document:
    return _without_empty(**{"for": delegate.leader, "by": delegate.by, "copies": delegate.copies or None})


def _pool(pool: FundingPool) -> Document:
    return _without_empty(
        name=pool.name,
        year=pool.year,
        amount=pool.amount,
        currency=_unless(pool.currency, "DKK"),
        reserved=dict(pool.reserved),
        expenses=[_expense(expense) for expense in pool.expenses],
    )


def _expense(expense: Expense) -> Document:
    return _without_empty(
        title=expense.title,
        amount=expense.amount,
        purpose=expense.purpose,
        status=_unless(expense.status.value, ExpenseStatus.PLANNED.value),
        note=expense.note,
        when=condition_text(expense.when),
    )


def _assumption(item: Assumption) -> Outcome | Document:
    """In short where there is nothing but the value."""
    value = UNDECIDED if item.value is None else item.value
    said = {
        "question": item.question,
        "options": [] if item.options == YES_OR_NO else list(item.options),
        "value": value,
    }
    more = {
        "decided_by": item.decided_by,
        "decided_on": item.decided_on,
        "case": item.case,
        "note": item.note,
    }
    document = _without_empty(**said, **more)
    return value if document.keys() == {"value"} else document


def _reminder(rule: ReminderRule) -> Document:
    values = {
        "id": rule.id,
        "before" if rule.before else "after": rule.anchor.value,
        rule.unit.value: rule.amount,
        "at": rule.at,
        "to": [target.value for target in rule.to],
        "channels": [channel.value for channel in rule.channels],
        "template": rule.template,
        "expires": duration_text(rule.expires) if rule.expires else None,
        "urgent": rule.urgent or None,
    }
    return _without_empty(**values)


def _wording(wording: Wording, language: Language) -> Document:
    return _without_empty(
        message=wording.message,
        language=_unless(wording.language.value, language.value),
        opening=wording.opening,
        closing=wording.closing,
    )


def _course(course: Course, language: Language) -> Document:
    """`language` is the plan's."""
    return _without_empty(
        id=course.id,
        was=course.was,
        title=course.title,
        theme=course.theme,
        description=course.description,
        status=course.status.value,
        responsible=_one_or_more(course.responsible),
        audience=list(course.audience),
        optional_audience=list(course.optional_audience),
        speakers=[_speaker(speaker) for speaker in course.speakers],
        enrolment=_enrolment(course),
        funding=[_funding(part) for part in course.funding],
        venue=_venue(course.venue),
        online=course.online or None,
        teams_channel=course.teams_channel,
        materials=[{"title": material.title, "url": material.url} for material in course.materials],
        questions=[_question(question) for question in course.questions],
        attendance=_without_empty(
            self_check_in=course.attendance.self_check_in or None,
            threshold_minutes=course.attendance.threshold_minutes,
        ),
        evaluation=_evaluation(course),
        certificate=course.certificate.value if course.certificate else None,
        after=[_after(task) for task in course.after],
        approval=written_approval(course.approval),
        hide_attendees=_unless(course.hide_attendees, True),  # noqa: FBT003 - the default of the format
        cancel_reason=course.cancel_reason,
        reminders=[_reminder(rule) for rule in course.reminders],
        texts=[_wording(wording, language) for wording in course.texts],
        tags=list(course.tags),
        case=course.case,
        note=course.note,
        when=condition_text(course.when),
    ) | _offerings(course.offerings)


def _question(question: Question) -> Document | str:
    """In one word where it is as it is ready-made."""
    ready = READY_MADE.get(question.text)
    if question == ready:
        return question.text
    kind = QuestionKind.CHOICE if question.options else QuestionKind.TEXT
    silent = ready or Question(id="", text="", kind=kind)
    return _without_empty(
        id=_unless(question.id, silent.id),
        text=question.text,
        kind=_unless(question.kind.value, silent.kind.value),
        options=list(question.options),
        required=_unless(question.required, silent.required),
        seen_by=_unless(question.seen_by.value, silent.seen_by.value),
        keep_days=_unless(question.keep_days, silent.keep_days),
    )


def _evaluation(course: Course) -> Document | str | None:
    """In one word where it is the ready-made form at its own times."""
    form, silent = course.evaluation_form, EvaluationForm()
    if form is None:
        return course.evaluation
    if form == silent:
        return STANDARD_WORD
    is_standard = form.questions == silent.questions
    return _without_empty(
        form=STANDARD_WORD if is_standard else None,
        questions=[] if is_standard else [_evaluation_question(one) for one in form.questions],
        opens=duration_text(form.opens) if form.opens != silent.opens else None,
        closes=duration_text(form.closes) if form.closes != silent.closes else None,
    )


def _evaluation_question(question: EvaluationQuestion) -> Document | str:
    """In one word where it is as it is ready-made."""
    ready = READY_EVALUATION.get(question.text)
    if question == ready:
        return question.text
    silent = EvaluationKind.CHOICE if question.options else EvaluationKind.SCALE
    return _without_empty(
        id=question.id,
        text=question.text,
        kind=_unless(question.kind.value, silent.value) if ready is None else None,
        options=list(question.options),
    )


def _after(task: LocalTask) -> Document:
    return _without_empty(
        id=task.id,
        was=task.was,
        text=task.text,
        material=task.material,
        due=_due(task.due),
        to=[one.value for one in task.to] if task.to != FOR_WHO_CAME else [],
        question=task.question,
        closes=_due(task.closes) if task.closes != OPEN_FOR else None,
        names=task.names or None,
    )


def _due(due: Due) -> date | str:
    return duration_text(due) if isinstance(due, timedelta) else due


def _speaker(speaker: Speaker) -> Document:
    return _without_empty(name=speaker.name, email=speaker.email)


def _enrolment(course: Course) -> Document:
    enrolment, silent = course.enrolment, Enrolment()
    has_capacity = enrolment.capacity is not None or any(
        offering.capacity is not None for offering in course.offerings
    )
    return _without_empty(
        mode=_unless(enrolment.mode.value, silent.mode.value),
        via=_unless(enrolment.via.value, silent.via.value),
        opens=enrolment.opens,
        deadline=enrolment.deadline,
        capacity=enrolment.capacity,
        waiting_list=_unless(enrolment.waiting_list, has_capacity),
        waiting_list_until=enrolment.waiting_list_until,
        unanswered=_unless(enrolment.unanswered.value, silent.unanswered.value),
        minimum=enrolment.minimum,
        late=_unless(enrolment.late.value, silent.late.value),
        handover=enrolment.handover or None,
    )


def _funding(part: CourseFunding) -> Document:
    return _without_empty(
        pool=part.pool, amount=part.amount, purpose=part.purpose, spent=part.spent,
        when=condition_text(part.when),
    )  # fmt: skip


def _venue(venue: Venue | None) -> Document:
    return {} if venue is None else _without_empty(name=venue.name, address=venue.address, room=venue.room)


def _offerings(offerings: tuple[Offering, ...]) -> Document:
    """`sessions` directly under the course where there is one offering that says nothing itself."""
    if len(offerings) == 1 and offerings[0].sessions:
        document = _offering(offerings[0])
        if document.keys() == {"id", "sessions"} and document["id"] == MAIN_OFFERING:
            return {"sessions": document["sessions"]}
    return _without_empty(offerings=[_offering(offering) for offering in offerings])


def _offering(offering: Offering) -> Document:
    return _without_empty(
        id=offering.id,
        was=offering.was,
        title=offering.title,
        capacity=offering.capacity,
        venue=_venue(offering.venue),
        online=offering.online,
        when=condition_text(offering.when),
        sessions=[_session(session) for session in offering.sessions],
    )


def _session(session: CourseSession) -> Document:
    start, end = session.start, session.end
    times: Document = {"start": start, "end": end}
    if session.all_day and start is not None and end is not None:
        first, last = start.date(), end.date() - timedelta(days=1)
        times = {"start": first, "end": _unless(last, first)}
    document = _without_empty(
        id=session.id,
        was=session.was,
        title=session.title,
        start=times["start"],
        end=times["end"],
        period=session.period,
        venue=_venue(session.venue),
        online=session.online,
        description=session.description,
        when=condition_text(session.when),
    )
    # An empty list is not the same as silence here: it says nobody.
    for key, names in (("audience", session.audience), ("optional_audience", session.optional_audience)):
        if names is not None:
            document[key] = list(names)
    return document
