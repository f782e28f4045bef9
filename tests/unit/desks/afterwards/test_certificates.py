"""Certificates from the list at the door to the code on the paper: by the books, with HR's approval in between."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pypdf
import pytest

from bot.desks.afterwards.certificates import CertificateHand, CertificatesRefused
from bot.desks.afterwards.own_certificates import OwnCertificateDesk, certificate_grant
from bot.domain.actions import Action
from bot.domain.attendance import AttendanceSaid
from bot.domain.certificates import CertificateRule, written_code
from bot.domain.links import LinkEnd
from bot.domain.messages import DeliveryState
from bot.domain.pages import OwnCertificates
from bot.domain.templates import MessageKind
from bot.opening.stores import open_stores
from bot.registrations.certificates import still_holds
from bot.rounds.steps.certificate_mail import REVOKED, why_no_certificate
from bot.store.erasure import erase_person
from tests.builders.certificates import AFTER, CAME, EVERYTHING, GIVES, HELD, came, work_of
from tests.builders.course_books import LEADERSHIP, NOW, PEOPLE, fill

ASE, BO = PEOPLE[0], PEOPLE[1]


@pytest.fixture
def stores(tmp_path):
    with open_stores(work_of(None).settings.model_copy(update={"database_url": _url(tmp_path)})) as opened:
        fill(opened, work_of(opened, now=NOW).settings, HELD)
        yield opened


def _url(tmp_path):
    from pydantic import SecretStr

    return SecretStr(f"sqlite:///{tmp_path}/certificates.db")


def hand(stores, plan=HELD, now=AFTER):
    return CertificateHand(work_of(stores, plan, now), LEADERSHIP.id)


def issued(stores, plan=HELD):
    """What HR approved, of everybody who waits."""
    line = Action(at=AFTER, by="hanne@by.example", command="certificates", plan=HELD.id, course=LEADERSHIP.id)
    look = hand(stores, plan).look()
    return hand(stores, plan).issue(look.digest, by="hanne@by.example", noted=[line])


def own(stores, plan=HELD):
    return OwnCertificateDesk(work_of(stores, plan).settings, plan, stores)


def grant(person=ASE, generation=0):
    return certificate_grant(HELD, person, LEADERSHIP.id, generation=generation, now=AFTER)


def names(rows):
    return [one.name for one in rows]


def test_who_came_to_everything_waits_for_hr_and_nobody_is_told_before(stores):
    stores.attendance.add([*EVERYTHING, came(2, "dag-1")])
    look = hand(stores).look()
    assert [(one.name, one.earner.came, one.earner.of) for one in look.waiting] == [
        ("Bo O'Prøve", ("dag-1", "dag-2"), 2), ("Åse Ågård", ("dag-1", "dag-2"), 2),
    ]  # fmt: skip
    assert (look.given, look.came) == ((), 3)
    assert not stores.outbox.load_messages(HELD.id, kind=MessageKind.CERTIFICATE_READY)
    assert not own(stores).holds("7" * 20)


def test_nobody_has_earned_one_before_the_last_session_is_over(stores):
    stores.attendance.add(EVERYTHING)
    assert hand(stores, now=NOW).look().waiting == ()


@pytest.mark.parametrize(("rule", "count"), [(CertificateRule.ALL, 2), (CertificateRule.HALF, 3), (CertificateRule.ANY, 3), (None, 0)])
def test_the_plan_says_how_much_is_enough(stores, rule, count):
    stores.attendance.add([*EVERYTHING, came(2, "dag-1")])
    plan = replace(HELD, courses=(replace(GIVES, certificate=rule),))
    assert len(hand(stores, plan).look().waiting) == count


def test_a_walk_in_with_an_address_had_all_sessions_to_come_to(stores):
    outside = "gaest2@udefra.example"
    stores.attendance.add([came(0, "dag-1", email=outside)])
    assert hand(stores).look().waiting == ()
    stores.attendance.add([came(0, "dag-2", email=outside)])
    assert names(hand(stores).look().waiting) == [outside]


def test_what_hr_approved_is_made_out_told_once_and_written_down(stores):
    stores.attendance.add(EVERYTHING)
    assert issued(stores) == 2
    mails = stores.outbox.load_messages(HELD.id, kind=MessageKind.CERTIFICATE_READY)
    assert sorted(one.email for one in mails) == sorted([ASE.email, BO.email])
    look = hand(stores).look()
    assert (look.waiting, names(look.given)) == ((), ["Bo O'Prøve", "Åse Ågård"])
    assert {(one.holds, one.mail) for one in look.given} == {(True, DeliveryState.DUE)}
    with pytest.raises(CertificatesRefused, match="certificates_nobody"):
        issued(stores)
    assert len(stores.outbox.load_messages(HELD.id, kind=MessageKind.CERTIFICATE_READY)) == 2


def test_others_than_were_shown_get_nothing(stores):
    stores.attendance.add(EVERYTHING)
    shown = hand(stores).look().digest
    stores.attendance.add([came(2, "dag-1"), came(2, "dag-2")])
    with pytest.raises(CertificatesRefused):
        hand(stores).issue(shown, by="hanne@by.example", noted=[])
    assert not stores.certificates.load_certificates(HELD.id)


def test_the_paper_says_who_when_and_hrs_own_words_and_stays_as_it_was(stores):
    stores.attendance.add(EVERYTHING)
    issued(stores)
    found = own(stores).behind(grant())
    assert isinstance(found, OwnCertificates)
    (one,) = found.certificates
    assert (one.paper.opening, one.paper.closing) == (("Tillykke, Åse Ågård",), ("På vegne af Byens Kommune",))
    assert [line.partition(":")[0] for line in one.paper.sessions][1] == "Anden dag"
    first = own(stores).file(one)
    read = pypdf.PdfReader(BytesIO(first)).pages[0].extract_text()
    assert written_code(one.code) in read
    renamed = replace(HELD, courses=(replace(GIVES, title="Et nyt navn"),), organisation="Ny By")
    again = own(stores, renamed).behind(grant())
    assert own(stores, renamed).file(again.certificates[0]) == first


def test_a_code_is_told_to_hold_until_hr_takes_back_that_somebody_came(stores):
    stores.attendance.add(EVERYTHING)
    issued(stores)
    (one,) = own(stores).behind(grant()).certificates
    assert own(stores).holds(written_code(one.code).lower())
    stores.attendance.add([came(0, "dag-2", AttendanceSaid.ABSENT, at=AFTER.replace(hour=9))])
    assert not own(stores).holds(one.code)
    (revoked,) = own(stores).behind(grant()).certificates
    assert not revoked.holds
    assert [(one.name, one.holds) for one in hand(stores).look().given] == [("Bo O'Prøve", True), ("Åse Ågård", False)]
    stores.attendance.add([came(0, "dag-2", CAME, at=AFTER.replace(hour=10))])
    assert own(stores).holds(one.code)


def test_what_the_plan_says_later_takes_no_certificate_back(stores):
    stores.attendance.add(EVERYTHING)
    issued(stores)
    (one,) = own(stores).behind(grant()).certificates
    for later in (replace(HELD, courses=()), replace(HELD, courses=(replace(GIVES, certificate=None),))):
        assert own(stores, later).holds(one.code)


def test_a_mail_that_would_tell_of_what_does_not_hold_does_not_go(stores):
    stores.attendance.add(EVERYTHING)
    issued(stores)
    people = hand(stores).people
    mails = {one.email: one for one in stores.outbox.load_messages(HELD.id, kind=MessageKind.CERTIFICATE_READY)}
    assert why_no_certificate(mails[ASE.email], stores, people) == ""
    stores.attendance.add([came(0, "dag-1", AttendanceSaid.UNDO, at=AFTER.replace(hour=9))])
    assert why_no_certificate(mails[ASE.email], stores, people) == REVOKED
    assert why_no_certificate(mails[BO.email], stores, people) == ""
    assert why_no_certificate(replace(mails[BO.email], offering="andet"), stores, people) == REVOKED
    assert why_no_certificate(replace(mails[ASE.email], kind=MessageKind.CONFIRMED), stores, people) == ""


def test_a_link_ends_when_it_is_renewed_and_for_who_has_none(stores):
    stores.attendance.add(EVERYTHING)
    issued(stores)
    assert own(stores).behind(grant(PEOPLE[5])).why is LinkEnd.GONE
    stores.links.save_generation(HELD.id, ASE.email, 1, now=AFTER)
    assert own(stores).behind(grant()).why is LinkEnd.RENEWED
    assert isinstance(own(stores).behind(grant(generation=1)), OwnCertificates)


def test_who_is_erased_keeps_a_paper_that_holds_and_nothing_says_whose_it_is(stores):
    stores.attendance.add(EVERYTHING)
    issued(stores)
    (one,) = own(stores).behind(grant()).certificates
    erase_person(stores.database, ASE.email, now=AFTER)
    assert own(stores).holds(one.code)
    assert own(stores).behind(grant()).why is LinkEnd.GONE
    look = hand(stores).look()
    assert (names(look.given), look.forgotten) == (["Bo O'Prøve"], 1)


def test_a_certificate_without_its_person_holds_whatever_is_said(stores):
    stores.attendance.add(EVERYTHING)
    issued(stores)
    one = stores.certificates.load_certificates(HELD.id)[0]
    assert still_holds(replace(one, paper=None), [], hand(stores).people)
    assert not still_holds(one, [], hand(stores).people)


def test_an_example_is_of_somebody_who_waits_or_has_one(stores):
    assert hand(stores).example(hand(stores).look()) is None
    stores.attendance.add(EVERYTHING)
    look = hand(stores).look()
    first = pypdf.PdfReader(BytesIO(hand(stores).example(look))).pages[0].extract_text()
    assert "Bo O" in first
    assert "Kode" not in first
    issued(stores)
    has = pypdf.PdfReader(BytesIO(hand(stores).example(hand(stores).look(), ASE.email))).pages[0].extract_text()
    assert "Kode" in has
    assert set(hand(stores).addresses) >= {ASE.email, BO.email}


def renamed(stores, name="Åse Ågård Ny"):
    """The directory calls her so by now."""
    stores.books.people.save_people(HELD.id, [replace(ASE, name=name)], now=AFTER)
    return next(one for one in hand(stores).look().given if one.called)


def made_anew(stores, called, email=ASE.email, offering="hold-1"):
    line = Action(at=AFTER, by="hanne@by.example", command="certificates", plan=HELD.id, course=LEADERSHIP.id, subject=email)
    hand(stores).reissue(email, offering, called, by="hanne@by.example", noted=[line])


def test_a_name_that_is_written_otherwise_by_now_is_made_out_anew_told_once_and_the_earlier_code_holds_no_more(stores):
    stores.attendance.add(EVERYTHING)
    issued(stores)
    assert not any(one.called for one in hand(stores).look().given)
    before = renamed(stores)
    old = before.certificate.code
    assert (before.name, before.called) == ("Åse Ågård", "Åse Ågård Ny")
    made_anew(stores, "Åse Ågård Ny")
    (new,) = [one for one in hand(stores).look().given if one.certificate.email == ASE.email]
    assert (new.name, new.called, new.holds, new.mail) == ("Åse Ågård Ny", "", True, DeliveryState.DUE)
    assert (own(stores).holds(old), own(stores).holds(new.certificate.code)) == (False, True)
    assert replace(new.certificate.paper, name="Åse Ågård") == before.certificate.paper, "nothing else on it is another"
    with pytest.raises(CertificatesRefused, match="certificate_as_it_is"):
        made_anew(stores, "Åse Ågård Ny")
    mails = stores.outbox.load_messages(HELD.id, kind=MessageKind.CERTIFICATE_READY)
    assert sorted(one.email for one in mails) == sorted([ASE.email, ASE.email, BO.email])
    assert all(old not in one.key and why_no_certificate(one, stores, hand(stores).people) == "" for one in mails)
    lines = [one for one in stores.actions.load_actions() if one.subject == ASE.email]
    assert len(lines) == 1


@pytest.mark.parametrize("called", ["", "Åse Ågård", "Anden Navnesen"])
def test_another_name_than_was_shown_is_on_no_paper(stores, called):
    stores.attendance.add(EVERYTHING)
    issued(stores)
    old = renamed(stores).certificate
    with pytest.raises(CertificatesRefused):
        made_anew(stores, called)
    assert own(stores).holds(old.code)


def test_what_does_not_hold_is_not_made_out_anew(stores):
    stores.attendance.add(EVERYTHING)
    issued(stores)
    renamed(stores)
    stores.attendance.add([came(0, "dag-1", AttendanceSaid.ABSENT, at=AFTER.replace(hour=9))])
    with pytest.raises(CertificatesRefused):
        made_anew(stores, "Åse Ågård Ny")


def test_one_that_was_made_out_anew_meanwhile_is_left_as_it_is(stores):
    """Two presses at once: the second finds no certificate of the code that it saw."""
    stores.attendance.add(EVERYTHING)
    issued(stores)
    given = renamed(stores)
    again = replace(given.certificate, code="7" * 20)
    mail = stores.outbox.load_messages(HELD.id, kind=MessageKind.CERTIFICATE_READY)[0]
    assert not stores.certificates.replace("0" * 20, again, replace(mail, key="certificate/x"))
    assert own(stores).holds(given.certificate.code)
    assert len(stores.outbox.load_messages(HELD.id, kind=MessageKind.CERTIFICATE_READY)) == 2
