"""HR's own words in messages: where they stand, what is filled in, and that nothing in them can do harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.people import Language
from bot.domain.plan import CourseStatus
from bot.domain.templates import TEMPLATES, MessageKind
from bot.domain.wording import IN_CALENDAR, INVITATION, ON_PAPER, WORDED, About, InsertField, Wording
from bot.messages.card import render_card
from bot.messages.certificate import certificate_paper, paper_shown
from bot.messages.invitation import render_invitation
from bot.messages.markdown import ATTRIBUTES
from bot.messages.plain_text import text_of
from bot.messages.wording import filled_in
from tests.builders.invitations import PLAN, course
from tests.builders.notices import NASTY, PLAIN, item, notice, reminder
from tests.unit.messages.elements import Elements

DA, EN = Language.DA, Language.EN
LANGUAGES = pytest.mark.parametrize("language", Language)
MESSAGES = pytest.mark.parametrize("message", sorted(WORDED))
GROUND = {DA: "Er du i tvivl om noget", EN: "If you have questions"}


def said(message, language, which, plan=PLAN, name="Anna Prøve"):
    """The HTML of any message that takes HR's words."""
    if message in IN_CALENDAR:
        status = CourseStatus.APPROVED if message == INVITATION else CourseStatus.SAVE_THE_DATE
        about = replace(which, status=status)
        return render_invitation(plan, about, about.offerings[0], about.offerings[0].sessions[0], language=language)
    if message in ON_PAPER:
        offering, today = which.offerings[0], datetime(2025, 6, 30)
        came = [session.id for session in offering.sessions]
        shown = certificate_paper(plan, which, offering, name=name, came=came, language=language, today=today)
        return paper_shown(shown).html
    return notice(MessageKind(message), which, plan=plan, language=language, name=name).html


def worded(message, language=DA, opening="", closing=""):
    return Wording(message=message, language=language, opening=opening, closing=closing)


def filled(text, language=DA, **values):
    made = filled_in(worded("practical", DA, text), language=language, values={InsertField(key): value for key, value in values.items()})
    assert made.closing == ""
    return made.opening


@LANGUAGES
@MESSAGES
def test_every_message_says_hrs_words_before_and_after_its_own(message, language):
    """And nothing else of it is another text."""
    words = worded(message, language, "FØRST **nu**\nog nu", "SIDST {kontakt} {organisation}")
    before = said(message, language, PLAIN)
    for owner in ({"plan": replace(PLAN, texts=(words,))}, {"which": replace(PLAIN, texts=(words,))}):
        made = said(message, language, **{"which": PLAIN} | owner)
        text = text_of(made)
        opening, closing = text.index("FØRST nu\nog nu"), text.index("SIDST hr@aadal.example Ådal Kommune")
        assert opening < closing
        assert message in ON_PAPER or closing < text.rindex("hr@aadal.example")
        ours = [line for line in text_of(before).splitlines() if line]
        assert [line for line in text.splitlines() if line and line not in {"FØRST nu", "og nu"} and not line.startswith("SIDST")] == ours
        assert Elements(made).balanced


@LANGUAGES
@MESSAGES
def test_every_field_that_a_message_takes_says_something_in_it(message, language):
    fields = WORDED[message].fields
    lines = "\n".join(f"{field.name}=<{{{field.value}}}>" for field in fields)
    text = text_of(said(message, language, replace(PLAIN, texts=(worded(message, language, lines),))))
    for field in fields:
        value = text.partition(f"{field.name}=<")[2].partition(">")[0]
        # A course that is off is known by its dates alone.
        assert value, field
        assert "{" not in value
    if WORDED[message].about is About.DATE:
        assert "OFFERING=<Hold 1>" in text
        assert "Kulturhuset" in text.partition("PLACE=<")[2].partition(">")[0]


@LANGUAGES
@MESSAGES
def test_hostile_words_and_values_are_words(message, language):
    """What a plan or a directory says is neither markup nor a link, wherever it ends up."""
    fields = " ".join(f"{{{field.value}}}" for field in WORDED[message].fields)
    nasty = f"<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://ond.example/p.png) {{{{{{{{ 7*7 }}}}}}}} {fields}"
    which = replace(PLAIN, title="**Fed** [a](https://ond.example) <b>", texts=(worded(message, language, nasty, nasty),))
    plan = replace(PLAN, organisation="<img src=x>")
    made = said(message, language, which, plan=plan, name=NASTY)
    found = Elements(made)
    assert found.balanced
    tags = {tag for tag, _ in found.found}
    assert not tags & {"script", "img", "b"}
    assert all(
        "javascript" not in attributes.get("href", "") and "ond.example" not in attributes.get("href", "") for _, attributes in found.found
    )
    assert "{{ 7*7 }}" in text_of(made)


def test_words_of_another_language_say_so():
    assert filled("Husk", EN).startswith('<div lang="da"><p')
    assert "lang" not in filled("Husk", DA)


def test_an_english_reader_gets_danish_words_only_where_there_are_no_english_ones():
    danish, english = worded("practical", DA, "Husk madpakke"), worded("practical", EN, "Bring lunch")
    only_danish = said("practical", EN, replace(PLAIN, texts=(danish,)))
    assert '<div lang="da">' in only_danish
    assert "Husk madpakke" in only_danish
    both = said("practical", EN, replace(PLAIN, texts=(danish,)), plan=replace(PLAN, texts=(english,)))
    assert ("Bring lunch" in both, "madpakke" in both) == (True, False)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("Kære {navn},", {"name": "Anna"}, "Kære Anna,"),
        ("Kære {navn},", {}, "Kære,"),
        ("Vel mødt, {navn}!", {}, "Vel mødt!"),
        ("Først.\nSvar senest {svarfrist}.\nSidst.", {}, "Først.\nSidst."),
        ("Svar senest {svarfrist}.", {}, ""),
        ("{sted} {{navn}}", {"place": "Salen", "name": "Anna"}, "Salen {navn}"),
        ("*{kursus}*", {"course": "1. *Led* _a_"}, "1. *Led* _a_"),
        ("- {kursus}\n- {dato}", {"course": "A"}, "- A"),
        ("{uforståeligt}", {}, "{uforståeligt}"),
        ("\ue0000\ue001{navn}", {"name": "Anna"}, "0 Anna"),
    ],
)
def test_what_is_filled_in(text, values, expected):
    """What has nothing to say takes its line with it; a name only itself."""
    assert text_of(filled(text, **values)).strip() == expected


@pytest.mark.parametrize("text", ["[her](https://a.example/?k={kursus})", "https://a.example/?k={kursus}"])
def test_a_field_in_a_link_is_part_of_its_address(text):
    assert 'href="https://a.example/?k=A%26B%20%22%3E"' in filled(text, course='A&B ">')


def test_a_name_that_looks_like_a_link_is_none():
    assert "<a " not in filled("Kære {navn}", name="https://ond.example")
    assert 'href="https://god.example"' in filled("Se https://god.example {navn}", name="Anna")


def test_only_elements_of_mails_come_out():
    made = filled("# Stort\n\n| a |\n|---|\n| b |\n\n1. et\n\n> citat\n\n`kode {navn}`", name="<b>")
    assert {tag for tag, _ in Elements(made).found} <= {*ATTRIBUTES}
    assert "kode &lt;b&gt;" in made


@LANGUAGES
def test_each_message_of_a_digest_has_its_own_words(language):
    """What HR says of one stands with that one."""
    texts = tuple(worded(name, language, f"FØR {name}", f"EFTER {name}") for name in TEMPLATES)
    made = text_of(reminder(item("practical"), item("follow_up"), which=replace(PLAIN, texts=texts), language=language).html)
    at = [made.index(words) for words in ("FØR practical", "EFTER practical", "FØR follow_up", "EFTER follow_up")]
    assert at == sorted(at)
    assert GROUND[language].split(" ", maxsplit=1)[0] in made


@LANGUAGES
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_card_says_hrs_words_as_text_to_everybody(template, language):
    """No name, no Markdown, no formula; what is too long is cut, because a card has a largest size."""
    words = worded(template, language, "Kære {navn}\n**Husk** [kortet](https://a.example) {{{{DATE(x)}}}}", "S" * 40 + " " + "ord " * 400)
    which = replace(PLAIN, texts=(words,))
    made = render_card(replace(PLAN, courses=(which,)), item(template), language=language, today=PLAIN.offerings[0].begins.date())
    lines = ["".join(run["text"] for run in block["inlines"]) for block in made["body"]]
    assert lines[1:3] == ["Kære", "Husk kortet <https://a.example> { {DATE(x)}}"]
    assert lines[-2].startswith("S" * 40)
    assert len(lines[-2]) <= 300
    assert "Kære" in made["fallbackText"]


def test_without_words_nothing_stands_there():
    """Who has none gets the mail of before, byte for byte (the golden ones are held too)."""
    silent = worded("practical", DA, "{hold}", "")
    one = course(texts=(silent,))
    with_words, without = (replace(each, offerings=PLAIN.offerings[:1]) for each in (one, course()))
    assert said("practical", DA, with_words) == said("practical", DA, without)
