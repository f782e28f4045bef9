"""How writing to the participants looks, with books behind it: WCAG 2.2 AA, a phone, hostile and very long words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desks.messages.broadcasts import look_at_broadcast, send_broadcast, write_broadcast
from bot.desks.plan import BookPlanDesk
from bot.domain.broadcasts import BroadcastGroup, Whereabouts
from bot.domain.messages import DeliveryState
from bot.domain.people import Language
from bot.opening.stores import open_stores
from config.settings import Settings
from tests.builders.browsers import PHONE, assert_everybody_can_use, assert_everybody_can_use_on_every_screen
from tests.builders.course_books import HOSTILE, LEADERSHIP, LONG, NOW, PLAN, fill

GRAPH = {"base_url": "http://127.0.0.1:9", "credential": "static_token", "static_token": "x"}
WRITE = f"/courses/{LEADERSHIP.id}/write"
TEXT = (
    f"Kære alle\n\nVi mødes i **Kulturhuset** og ikke på rådhuset.\nTag med:\n\n- computer\n- {HOSTILE}\n\nSe https://by.example/parkering."
)
DA, EN = (Language.DA, ("Ny parkering på onsdag", TEXT)), (Language.EN, (f"New car park {LONG}", "See https://by.example"))
WHOLE = Whereabouts(course=LEADERSHIP.id)
FRIDAY_NIGHT = NOW.replace(day=13, hour=20)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The plan with its books, and the addresses of what was written: looked at, nobody's, for later, on its way, done and stopped."""
    url = f"sqlite:///{tmp_path_factory.mktemp('books')}/b.db"
    settings = Settings(database_url=url, now=NOW, plan="plan.yaml", graph=GRAPH)
    with open_stores(settings) as stores:
        fill(stores, settings)
        desk, late = (BookPlanDesk(one, PLAN, stores) for one in (settings, settings.model_copy(update={"now": FRIDAY_NIGHT})))
        work, everybody = desk.books, tuple(BroadcastGroup)

        def made(groups, *words, where=WHOLE):
            return write_broadcast(work, where, groups, dict(words), by="hanne@by.example")

        def sent(subject):
            draft = made(everybody, (Language.DA, (subject, TEXT)))
            look = look_at_broadcast(work, draft)
            assert send_broadcast(work, draft, look.digest, by="hanne@by.example", at_once=True, noted=())
            messages = [one for one in stores.outbox.load_messages(PLAN.id) if one.params.get("broadcast") == draft.id]
            return draft, messages

        looked, nobody = (
            made(everybody, DA, EN),
            made((BroadcastGroup.WAITING,), DA, where=replace(WHOLE, offering="hold-1", session="dag-2")),
        )
        going, messages = sent("Undervejs")
        stores.outbox.save_message(*(replace(one, state=DeliveryState.SENT) for one in messages[:5]))
        done, messages = sent("Færdig")
        stores.outbox.save_message(*(replace(one, state=DeliveryState.SENT) for one in messages))
        stores.outbox.save_message(replace(messages[0], state=DeliveryState.FAILED, error="bounced_mailbox_full"))
        stopped, messages = sent("Stoppet")
        stores.broadcasts.stop_broadcast(PLAN.id, stopped.id, by="hanne@by.example", at=NOW)
        yield {
            "desk": desk, "late": late, "form": WRITE, "looked": f"{WRITE}/{looked.id}", "nobody": f"{WRITE}/{nobody.id}",
            "again": f"{WRITE}?draft={looked.id}", "names": f"{WRITE}/{looked.id}?q=prøve", "no_match": f"{WRITE}/{looked.id}?q=zz",
            "going": f"{WRITE}/{going.id}", "done": f"{WRITE}/{done.id}?done=send", "stopped": f"{WRITE}/{stopped.id}?done=stop",
        }  # fmt: skip


@pytest.mark.parametrize("locale", ["da-DK", "en-GB"])
@pytest.mark.parametrize("name", ["form", "again", "looked", "names", "no_match", "nobody", "going", "done", "stopped"])
def test_every_page_can_be_used_by_everybody(open_page, world, tmp_path, name, locale):
    page = open_page(world[name], world["desk"], viewport=PHONE, locale=locale)
    assert_everybody_can_use_on_every_screen(page, tmp_path / "page.png", colours=locale == "da-DK")


def test_outside_the_sending_hours_it_goes_when_they_begin_unless_hr_says_otherwise(open_page, world, tmp_path):
    page = open_page(world["looked"], world["late"])
    assert page.get_by_role("radio", name="Først når planen tillader").is_checked()
    assert "mandag den 16. juni 2025 kl.\u00a007.00" in page.inner_text("main")
    assert_everybody_can_use(page, tmp_path / "page.png")


def test_a_form_without_words_says_what_is_missing_where_it_is_missing(open_page, world, tmp_path):
    """And keeps what was typed."""
    page = open_page(world["form"], world["desk"], viewport=PHONE)
    page.get_by_label("Besked").first.fill("Husk computer")
    page.get_by_role("button", name="Se, hvem der får den").click()
    assert (page.get_by_label("Besked").first.input_value(), page.get_by_label("Emne").first.get_attribute("aria-invalid")) == (
        "Husk computer", "true",
    )  # fmt: skip
    assert_everybody_can_use(page, tmp_path / "page.png")


def test_what_was_written_stands_among_the_messages_of_the_course(open_page, world, tmp_path):
    page = open_page(f"/courses/{LEADERSHIP.id}?view=messages", world["desk"])
    assert "Undervejs" in page.inner_text("main")
    assert page.get_by_role("link", name="Skriv til deltagerne").is_visible()
    assert_everybody_can_use(page, tmp_path / "page.png")
