"""What people write to the bot is understood by its words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.words import MOST_NAMING, MOST_WORDS, PHRASES, SILENT, read_line, without_mentions
from bot.domain.conversations import ChatWish

MINE, COMING, UNANSWERED, HELP = ChatWish.MINE, ChatWish.COMING, ChatWish.UNANSWERED, ChatWish.HELP
SAID = [*SILENT.split(), *(word for _, phrases in PHRASES for word in phrases.replace(",", " ").split()), "<at>", "</at>", "&lt;", "x"]
SENTENCES = {
    MINE: "mine kurser; Mine kurser!; vis mig mine kurser; mine kurser i maj; MINE  KURSER??; Jeg kan ikke komme; meld mig fra; afbud; "
    "hvad er jeg tilmeldt?; står jeg på venteliste; my courses; What am I registered for?; I can't come; kurser",
    COMING: "kommende; kommende kurser; Hvornår er næste kursus; naeste kursus; naste kursus; nye kurser; coming; upcoming courses; "
    "When is my next course?; hvilke kurser kommer der; komende kurser",
    UNANSWERED: "Hvad mangler jeg?; hvad mangler jeg at svare på; mangler svar; hvornår er fristen? frist; tilmeld mig; "
    "what is missing; What do I need to answer?; unanswered; tilmld",
    HELP: "hjælp; HJÆLP!; hjaelp; hjalp; hjlæp; help; help me please; hej; Hej, god morgen; hello; hvad kan du?; what can you do; menu; ",
}


@pytest.mark.parametrize(
    ("line", "wish"),
    [(line.strip(), wish) for wish, lines in SENTENCES.items() for line in lines.split(";")],
)
def test_what_is_written_in_danish_and_english_is_understood(line, wish):
    assert read_line(line) == (wish, "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Forandringsledelse", "Forandringsledelse"),
        ("hvornår er forandringsledelse?", "forandringsledelse"),
        ("Tilmeld mig psykologisk tryghed, tak", "psykologisk tryghed"),
        ("kurser om ledelse i praksis", "ledelse praksis"),
        ("<at>Kursusbot</at> MED-uddannelsen", "MED-uddannelsen"),
        ("<p>Førstehjælp</p>", "Førstehjælp"),
        ("when is change&nbsp;management", "change management"),
        ("den svære samtale", "samtale"),
    ],
)
def test_a_title_or_a_part_of_it_is_a_course_by_the_words_left(line, words):
    assert read_line(line) == (ChatWish.COURSE, words)


def test_the_bot_s_own_name_is_no_part_of_the_line():
    assert read_line('<at id="0">Kurser i Ådal</at>&nbsp; mine kurser') == (MINE, "")
    assert without_mentions("<at>Bot</at> Hvad nu?\r\n") == "Hvad nu?"
    assert read_line("<at>Bot</at>") == (HELP, "")


@pytest.mark.parametrize("line", ["???", "🙂", "ord " * (MOST_WORDS + 1), " ".join(f"ledelse{at}x" for at in range(MOST_NAMING + 1))])
def test_what_names_nothing_is_unknown_and_told_as_it_was(line):
    assert read_line(line) == (ChatWish.UNKNOWN, line.strip())


@pytest.mark.parametrize("slip", ["kommende", "ommende", "kommennde", "kommemde", "kommedne", "kommend", "kommendee"])
def test_one_slip_of_the_hand_is_forgiven(slip):
    assert read_line(slip) == (COMING, "")


def test_two_slips_are_another_word_and_so_is_one_in_a_short_word():
    assert read_line("kammenda")[0] is ChatWish.COURSE
    assert read_line("miner")[0] is ChatWish.COURSE


def test_every_phrase_of_the_table_asks_for_its_wish():
    """But a word that stands higher in the table counts first."""
    order = [wish for wish, _ in PHRASES]
    for wish, phrases in PHRASES:
        for phrase in phrases.split(","):
            found, left = read_line(phrase)
            assert left == ""
            assert order.index(found) <= order.index(wish), phrase
    assert all(read_line(word)[1] == "" for word in SILENT.split())


@settings(max_examples=300)
@given(st.text(max_size=3000) | st.lists(st.sampled_from(SAID)).map(" ".join))
def test_nothing_that_is_written_raises(line):
    wish, words = read_line(line)
    assert (words == "") is (wish not in {ChatWish.COURSE, ChatWish.UNKNOWN})
    assert "\n" not in words
