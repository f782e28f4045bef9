"""A person in every table that may hold one, in two plans, for the tests of erasing, of expiry and of access requests."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain.actions import Action
from bot.domain.app_installs import AppInstall, InstallState
from bot.domain.approvals import Decision, Door, MailedFor, Waiting, WaitingMail, WaitReason
from bot.domain.attendance import AttendanceSaid, AttendanceSource, AttendanceWord
from bot.domain.bounces import Bounce, BounceReason, UnplacedReturn
from bot.domain.broadcasts import Broadcast, BroadcastGroup, BroadcastWords, Whereabouts
from bot.domain.certificates import Certificate, CertificatePaper
from bot.domain.comments import AnswerComment
from bot.domain.conversations import Conversation, ConversationKind
from bot.domain.desk_plans import DeskPlan, DeskSave, document_content
from bot.domain.evaluation import EvaluationAnswer
from bot.domain.events import LedgerEntry, LedgerState, ResponseStatus, SessionKey
from bot.domain.messages import Message
from bot.domain.notes import Note
from bot.domain.people import Language, Person
from bot.domain.plan_files import KeptFile
from bot.domain.questions import QuestionAnswer, QuestionKind
from bot.domain.registrations import Answer, AnswerSource, Registration, RegistrationStatus
from bot.domain.reminders import ReminderTopic, ReminderWord, WordKind
from bot.domain.revisions import PlanRevision, RevisionSource
from bot.domain.seats import Cause, Standing, Transition
from bot.domain.service_state import KeptExamination
from bot.domain.sign_in import Role, SignIn, Visitor
from bot.domain.task_answers import TaskAnswer, TaskState
from bot.domain.templates import MessageKind
from bot.store.actions import SqlActionBook
from bot.store.all_tables import metadata
from bot.store.answers import SqlAnswerLog
from bot.store.app_installs import SqlAppInstallBook
from bot.store.approvals import SqlApprovalBook
from bot.store.attendance import SqlAttendanceBook
from bot.store.audiences import SqlAudienceBook
from bot.store.bounces import SqlBounceBook
from bot.store.broadcasts import SqlBroadcastBook
from bot.store.certificates import SqlCertificateBook
from bot.store.comments import SqlCommentBook
from bot.store.conversations import SqlConversationBook
from bot.store.desk_plan_tables import plan_drafts
from bot.store.desk_plans import SqlDeskPlanBook
from bot.store.evaluations import SqlEvaluationBook
from bot.store.examinations import SqlExaminationBook
from bot.store.groups import SqlGroupMemory
from bot.store.ledger import SqlLedger
from bot.store.links import SqlLinkBook
from bot.store.mailboxes import SqlMailboxMemory
from bot.store.notes import SqlNoteBook
from bot.store.outbox import SqlOutbox
from bot.store.people import SqlPeopleBook
from bot.store.plan_files import SqlPlanFileBook
from bot.store.question_answers import SqlQuestionAnswerBook
from bot.store.read_remarks import SqlReadBook
from bot.store.reminder_words import SqlReminderWordBook
from bot.store.repeats import SqlRepeatBook
from bot.store.revisions import SqlRevisionBook
from bot.store.seats import SqlSeatBook
from bot.store.sign_ins import SqlSignInBook
from bot.store.task_answers import SqlTaskAnswerBook
from tests.builders.asked_managers import fill_asks

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PAST = SessionKey(plan="by", course="i-fjor", offering="main", session="dag")
FUTURE = SessionKey(plan="by", course="i-år", offering="main", session="dag")
GONE, ALIAS, STAYS = "bjørn.lærke@by.example", "blk@by.example", "ane@by.example"
TRACES = [form for word in (GONE, ALIAS, "Lærke Navnesen") for form in (word, word.lower(), word.upper(), json.dumps(word)[1:-1])]
"""As text, in any case, and as JSON writes it in a column of lists."""


def entry(key, end):
    everybody = {GONE: "required", STAYS: "required"}
    return LedgerEntry(
        key=key,
        state=LedgerState.APPLIED,
        transaction_id="t",
        event_id="e",
        subject="s",
        start=end - timedelta(hours=1),
        end=end,
        desired_fields={},
        observed_fields={},
        desired_attendees=everybody,
        invited_since={email: NOW - timedelta(days=90) for email in everybody},
    )


def answer(key, email, name="Lærke Navnesen"):
    at = NOW - timedelta(days=80)
    return Answer(key=key, email=email, name=name, response=ResponseStatus.ACCEPTED, responded_at=at, seen_at=at)


def comment(key, email):
    at = NOW - timedelta(days=80)
    return AnswerComment(key=key, email=email, response=ResponseStatus.DECLINED, text="Lærke Navnesen er syg", at=at, seen_at=at)


def registration(course, email):
    return Registration(
        course=course,
        offering="main",
        email=email,
        name="Lærke Navnesen",
        status=RegistrationStatus.REGISTERED,
        since=NOW,
        source=AnswerSource.OUTLOOK,
        department="Lille afdeling",
    )


def transition(course, email, by=""):
    after = Standing(
        course=course,
        offering="main",
        email=email,
        status=RegistrationStatus.REGISTERED,
        since=NOW - timedelta(days=80),
        cause=Cause.ANSWERED,
        source=AnswerSource.HR,
        by=by,
        reason="Lærke Navnesen bad om det" if by else "",
    )
    return Transition(before=None, after=after)


def message(course, email, **params):
    offering = "main" if course else ""
    created_at = NOW - timedelta(days=100)
    return Message(
        plan="by", key=f"assigned/{course}/{email}", kind=MessageKind.ASSIGNED, course=course, offering=offering, email=email,
        created_at=created_at, params=params,
    )  # fmt: skip


def question_answer(course, email, **changes):
    made = QuestionAnswer(
        plan="by", course=course, question="allergies", email=email, answer="nødder", kind=QuestionKind.TEXT,
        asked="Har du allergier?", at=NOW - timedelta(days=80),
    )  # fmt: skip
    return replace(made, **changes)


def task_answer(course, email, **changes):
    made = TaskAnswer(
        plan="by", course=course, offering="main", task="proev", email=email, state=TaskState.DONE, said="Det gik fint", asked="Hvad?",
        names=True, at=NOW - timedelta(days=60),
    )  # fmt: skip
    return replace(made, **changes)


def decision(course, **changes):
    made = Decision(
        plan="by", course=course, checksum="c", revision="r", approved=True, mails=1, people=1, reasons=(WaitReason.PLAN,),
        since=NOW, by="HR", at=NOW, door=Door.CLI,
    )  # fmt: skip
    return replace(made, **changes)


def waiting_change(course, **changes):
    return Waiting(
        plan="by", course=course, checksum="1", whole="2", revision="3", mails=1, people=1, reasons=(WaitReason.PLAN,),
        since=NOW, **changes,
    )  # fmt: skip


def fill(database):
    """The person in every table, with enough rows around them that pages are freed."""
    person = Person(email=GONE, name="Lærke Navnesen", directory_id="1", aliases=frozenset({ALIAS}), department="Lille afdeling")
    crowd = [Person(email=f"p{number}@by.example", name="x" * 50) for number in range(300)]
    SqlPeopleBook(database).save_people("by", [person, Person(email=STAYS), *crowd], now=NOW)
    SqlPeopleBook(database).save_people("andenby", [replace(person, email=ALIAS, aliases=frozenset({GONE}))], now=NOW)
    SqlLedger(database).save_entries([entry(PAST, NOW - timedelta(days=9)), entry(FUTURE, NOW + timedelta(days=9))])
    log = SqlAnswerLog(database)
    log.save_delta("by", GONE, link=f"https://graph/users/{GONE}/x", start=NOW, end=NOW, answers=[answer(PAST, GONE), answer(FUTURE, GONE)])
    log.save_delta("by", "kurser@by.example", link="https://graph/1", start=NOW, end=NOW, answers=[answer(PAST, STAYS, "Ane")])
    log.append_answers([answer(PAST, ALIAS)])
    log.save_registrations(
        "by",
        [registration("i-fjor", GONE), registration("i-år", GONE), replace(registration("i-fjor", STAYS), name="Ane", answered_by=GONE)],
    )
    lines = [transition("i-fjor", GONE), transition("i-fjor", STAYS, by=GONE), transition("i-år", GONE)]
    assert SqlSeatBook(database).append("by", lines, after=0, now=NOW - timedelta(days=80))
    SqlOutbox(database).add_messages(
        [message("i-fjor", GONE), message("i-år", GONE), message("i-fjor", STAYS, colleague="Lærke Navnesen"), message("", GONE)]
    )
    SqlBounceBook(database).save_bounces(
        Bounce(session=key, email=GONE, reason=BounceReason.UNKNOWN_ADDRESS, received_at=NOW - timedelta(days=80)) for key in (PAST, FUTURE)
    )
    SqlBounceBook(database).save_unplaced(
        "by", [UnplacedReturn(email=GONE, reason=BounceReason.OTHER, received_at=NOW - timedelta(days=80), noted_at=NOW)]
    )
    for person in (GONE, "1", "feed"):
        SqlLinkBook(database).save_generation("by", person, 1, now=NOW)
    deed = Action(at=NOW - timedelta(days=80), by=GONE, command="move", plan="by", course="i-fjor", subject="a…@by.example")
    about = replace(deed, by="HR", subject=GONE, detail="Lærke Navnesen")
    for one in (deed, about):
        SqlActionBook(database).note(one)
    SqlMailboxMemory(database).save_ids("by", {GONE: "7", "kurser@by.example": "8"}, now=NOW)
    SqlGroupMemory(database).save_ids("by", {GONE: "", "ledere@by.example": "2"}, now=NOW)
    SqlAudienceBook(database).save_members("by", {"ledere": frozenset({GONE, STAYS})}, now=NOW)
    book = SqlApprovalBook(database)
    person_in_plan = {"email": GONE, "name": "Lærke Navnesen"}
    listed = {"people": [person_in_plan, {"email": STAYS}], "exclude": [ALIAS]}
    document = {"audiences": {"ledere": listed}, "courses": [{"speakers": [person_in_plan]}]}
    book.save_versions("by", {"i-år": document}, now=NOW)
    revisions = SqlRevisionBook(database)
    revision = PlanRevision(
        plan="by", number=0, at=NOW - timedelta(days=80), source=RevisionSource.LINK, name="Plan.xlsx", by="Lærke Navnesen"
    )
    about_them = {"title": "Kaffe med Lærke Navnesen", "responsible": GONE, "note": f"Spørg {ALIAS}", "id": "i-år"}
    assert revisions.keep(revision, {"contact": GONE, "audiences": {"ledere": listed}, "courses": [about_them]})
    assert revisions.keep(replace(revision, by=GONE), {"audiences": {"ene": {"people": [person_in_plan]}}, "courses": []})
    _fill_plans(database)
    book.add_decisions([decision("i-år", by=GONE), decision("i-år", by="HR", comment="Lærke Navnesen ville det")])
    SqlCommentBook(database).save_comments("by", [comment(PAST, GONE), comment(FUTURE, GONE), comment(FUTURE, ALIAS)], looked_at=NOW)
    named = (("Lederdag", "Får mail: Lærke Navnesen"),)
    mail = WaitingMail(course="i-år", mailed={MailedFor.INVITED: (GONE, STAYS)})
    book.replace_waiting("by", [waiting_change("i-år", told=named, found={"empty_group": (f"{GONE} er ikke en gruppe",)})], [mail])
    for course in ("i-fjor", "i-år"):
        assert SqlReadBook(database).mark("by", course, GONE, until=NOW)
    visitor = Visitor(subject="1", email=GONE, name="Lærke Navnesen", roles=frozenset(Role), proved_at=NOW, groups=frozenset({"g-1"}))
    SqlSignInBook(database).begin(SignIn(key="a digest", visitor=visitor, begun_at=NOW, seen_at=NOW))
    repeats = SqlRepeatBook(database)
    for number, said in enumerate((GONE, "Lærke Navnesen", STAYS)):
        repeats.begin(f"key-{number}", "asked", begun_at=NOW, now=NOW)
        repeats.keep(f"key-{number}", 200, json.dumps({"moves": [{"email": said}]}, ensure_ascii=False))
    SqlExaminationBook(database).keep("by", KeptExamination(at=NOW, findings=json.dumps([{"subject": GONE}], ensure_ascii=False)))
    _fill_broadcasts(SqlBroadcastBook(database))
    _fill_reminder_words(SqlReminderWordBook(database))
    _fill_own_words(database)
    _fill_chats(database)


def _fill_chats(database):
    """Two chats of the person, and for whom the app is installed: under their directory id, and under an address alone."""
    book = SqlConversationBook(database)
    chat = Conversation(
        id="a:1",
        kind=ConversationKind.PERSONAL,
        service_url="https://smba.trafficmanager.net/teams",
        added_at=NOW,
        seen_at=NOW,
        subject="1",
    )
    book.save(replace(chat, email=GONE))
    book.save(replace(chat, id="a:2", subject="", email=ALIAS))
    book.save(replace(chat, id="a:3", subject="2", email=STAYS))
    installs = SqlAppInstallBook(database)
    theirs = AppInstall(subject="1", email="", state=InstallState.THERE, at=NOW)
    for one in (theirs, replace(theirs, subject="1b", email=ALIAS), replace(theirs, subject="2", email=STAYS)):
        installs.note(one)


def _fill_attendance(book):
    """Where the person came, a walk-in known by their name, and what they said of somebody else."""
    for course in ("i-fjor", "i-år"):
        word = AttendanceWord(
            plan="by", key=f"{course}/1", course=course, offering="main", session="dag", email=GONE, said=AttendanceSaid.CAME,
            source=AttendanceSource.DOOR, at=NOW - timedelta(days=80), noted_at=NOW - timedelta(days=80), by="HR",
        )  # fmt: skip
        walk_in = replace(word, key=f"{course}/2", email="", name="Lærke Navnesen")
        assert book.add([word, walk_in, replace(word, key=f"{course}/3", email=STAYS, by=GONE)]) == 3


def _fill_evaluations(book):
    """What the person answered, and what somebody else wrote of them."""
    for course in ("i-fjor", "i-år"):
        said = EvaluationAnswer(course=course, offering="main", question="best", kind="text", asked="Hvad?", answer="Kaffen")
        assert book.add("by", GONE, [said])
        assert book.add("by", STAYS, [replace(said, answer=f"Snak med {GONE}")])


def _fill_certificates(book):
    """The person's own, and one of somebody else's that they approved and that names them."""
    for number, course in enumerate(("i-fjor", "i-år")):
        paper = CertificatePaper(
            language="da", organisation="By", heading="Kursusbevis", opening=(), name="Lærke Navnesen", has="har deltaget i",
            title="Kursus", sessions=("18. juni",), closing=("Hilsen Lærke Navnesen", GONE), made="1. juli", date=(2025, 7, 1),
        )  # fmt: skip
        own = Certificate(
            plan="by", code=f"{number}" * 20, course=course, offering="main", email=GONE, paper=paper,
            issued_at=NOW - timedelta(days=70), issued_by="hr@by.example",
        )  # fmt: skip
        other = replace(own, code=f"{number}A" * 10, email=STAYS, paper=replace(paper, name="Bo"), issued_by=GONE)
        assert book.issue([own, other], []) == 2


def _fill_own_words(database):
    """What the person wrote to HR, answered to the courses' questions, where they came, and what they got for it."""
    _fill_attendance(SqlAttendanceBook(database))
    _fill_evaluations(SqlEvaluationBook(database))
    _fill_certificates(SqlCertificateBook(database))
    fill_asks(database, GONE, STAYS, NOW)
    for course in ("i-fjor", "i-år"):
        SqlNoteBook(database).save_note(Note(plan="by", course=course, email=GONE, text="Tåler ikke nødder", written_at=NOW))
        SqlQuestionAnswerBook(database).save_answers([question_answer(course, GONE)])
        tasks = SqlTaskAnswerBook(database)
        tasks.save_answer(task_answer(course, GONE))
        tasks.save_answer(task_answer(course, STAYS, said=f"Lærke Navnesen ({GONE}) hjalp mig"))


def _fill_plans(database):
    """A file that was read, a plan on the desk, the person's own draft, and one of somebody else's that names them."""
    plan_file = KeptFile(plan="by", drive="d", item="i", c_tag="1", content=f"people: [{GONE}, {ALIAS}]".encode())
    SqlPlanFileBook(database).save_file("link:1", plan_file)
    save = DeskSave(plan="by", number=1, saved_at=NOW - timedelta(days=80), saved_by=GONE)
    listed = {"ledere": {"people": [{"email": GONE, "name": "Lærke Navnesen"}, {"email": STAYS}], "exclude": [ALIAS]}}
    kept = DeskPlan(save=save, content=document_content({"id": "by", "contact": STAYS, "audiences": listed, "courses": []}))
    revision = PlanRevision(plan="by", number=0, at=NOW, source=RevisionSource.DESK, by=GONE)
    assert SqlDeskPlanBook(database).save(kept, revision=revision, document=json.loads(kept.content))
    drafts = [
        {
            "id": f"draft-{number}", "plan": "by", "owner": owner, "title": "Til Lærke Navnesen", "begun_at": NOW, "changed_at": NOW,
            "changes": {"rows": [{"sheet": "people", "after": [{"email": ALIAS, "name": "Lærke Navnesen"}]}]}, "handed_by": GONE,
        }
        for number, owner in enumerate((GONE, STAYS))
    ]  # fmt: skip
    with database.write() as connection:
        connection.execute(plan_drafts.insert(), drafts)


def _fill_reminder_words(book):
    """One about the person, and one about somebody else that the person said, for a reason that names them."""
    for course in ("i-fjor", "i-år"):
        topic = ReminderTopic(rule="r", course=course, offering="main", session="dag", about="2026-11-01")
        about = ReminderWord(topic=topic, email=GONE, kind=WordKind.SKIP, by="HR", at=NOW - timedelta(days=80))
        said = replace(about, email=STAYS, by=GONE, reason="Lærke Navnesen bad om det")
        assert book.add_words("by", [about, said], known=0)


def _fill_broadcasts(book):
    """One that somebody else wrote and that names the person, one that the person wrote, sent and stopped."""
    for number, (by, text_, course) in enumerate((("HR", "Lærke Navnesen er syg", "i-fjor"), (GONE, "Husk computer", "i-år"))):
        draft = Broadcast(
            plan="by", id=f"{number:016}", where=Whereabouts(course=course, offering="main"), groups=(BroadcastGroup.REGISTERED,),
            words=(BroadcastWords(language=Language.DA, subject="Hej", text=text_),), by=by, written_at=NOW - timedelta(days=80),
        )  # fmt: skip
        book.save_draft(draft)
        assert book.send_broadcast(replace(draft, sent_at=NOW, sent_by=by, people=1), ())
        book.stop_broadcast("by", draft.id, by=by, at=NOW)


WITHOUT_ADDRESSES = {
    "group_counts",
    "posted",
    "chat_activities",
    "standing_cards",
    "meeting_readings",
    "evaluation_shown",
    "app_packages",
    "job_runs",
    "subscriptions",
    "hints",
    "webhook_news",
    "webhook_calls",
    "accepted_plans",
    "comment_looks",
    "noted_decisions",
    "noted_ids",
    "probe_findings",
    "actions_over",
    "old_names",
    "old_parts",
    "erasure_marks",
} & metadata.tables.keys()
"""The tables that hold nothing of people; every other one is filled above."""
