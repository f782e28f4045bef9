"""What somebody wrote to the bot, understood by words and not by grammar (pure).

Words are read without case, signs and mentions of the bot; `æ ø å` are the same as `ae oe aa` and as `a o a`.
A word of five letters or more may have one letter wrong, missing, too many, or two swapped.

    the line has                                   it asks for
    nothing                                        help
    no word, or more than forty                    unknown
    only words that say nothing                    help (`hej`, `hvad kan du`)
    those and phrases of the table                 the wish of the phrase that stands highest in it
    other words, twelve at most                    the course that they name
    more                                           unknown

A course's title may itself be a phrase, or words that say nothing (`Kommende ledere`, `Hvad nu?`): who looks
for a course by its title looks for the line as it was written first (`without_mentions`).
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING

from bot.domain.conversations import LONGEST_TYPED, ChatWish
from bot.messages.characters import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

PHRASES: tuple[tuple[ChatWish, str], ...] = (
    (
        ChatWish.UNANSWERED,
        (
            "mangler, mangle, ubesvaret, ubesvarede, svar, svare, svarfrist, frist, frister, "
            "tilmeld, tilmelde, "
            "tilmeld mig, tjekliste, missing, unanswered, answer, deadline, deadlines, sign up, signup, "
            "sign me up, register, rsvp, to do, pending"
        ),
    ),
    (
        ChatWish.COMING,
        (
            "kommende, næste, kommer, fremtidige, kursusliste, kursusoversigt, alle kurser, "
            "nye kurser, nyt, "
            "oversigt, udbud, coming, upcoming, next, future, available, all courses, new courses, overview"
        ),
    ),
    (
        ChatWish.MINE,
        (
            "mine, min, mit, kurser, kursus, tilmelding, tilmeldinger, tilmeldt, pladser, "
            "plads, venteliste, "
            "ventelisten, afbud, afmeld, afmelde, frameld, framelde, framelding, meld fra, "
            "meld mig fra, melde fra, "
            "melde mig fra, komme, deltage, forhindret, syg, status, my, courses, course, "
            "seat, seats, registered, "
            "registrations, waiting list, waitlist, withdraw, cancel, come, attend, ill, sick"
        ),
    ),
    (
        ChatWish.HELP,
        ("hjælp, hjælpe, vejledning, kommandoer, menu, start, help, info, commands, manual, guide, support"),
    ),
)
"""What is written for each wish; the wishes of several phrases in one line count in this order."""
SILENT = (
    "hej hejsa hey hi hello hallo halløj hola goddag godmorgen godaften dav davs god dag morgen aften good "
    "morning afternoon evening dear kære mvh hilsen tak mange thanks thank please venlig venligst vær sød "
    "ok okay "
    "jeg du mig dig min mit mine din dit dine vi os vores man hvad hvilke hvilket hvilken hvor hvornår "
    "hvordan hvem hvorfor hen er var har have havde få får fik kan kunne skal skulle "
    "vil ville må bør at på i "
    "til for fra om af med ved og eller men der det den de en et ikke nu nå igen endnu noget nogen nogle "
    "lige gerne bare alle alt vis vise se find finde giv give fortæl liste over sig sige så som når bliver "
    "blive holdes holder står siger gør gøre hold dato datoer tid sted første snart uge måned år bot "
    "kursusbot melde meld "
    "me you your we our us to what which when where who how why is are was were has "
    "had do does did can could "
    "cant will would should may on in from about of with by and or but there the a "
    "an not now again yet any "
    "some just show list tell date dates time place soon day week month year am be "
    "been get got want need up "
    "januar februar marts april maj juni juli august september oktober november december january february "
    "march may june july october mandag tirsdag onsdag torsdag fredag lørdag søndag monday tuesday "
    "wednesday thursday friday saturday sunday"
)
"""Words that alone name no course."""
MOST_WORDS, MOST_NAMING = 40, 12
"""Of a line, and of a line's words that may be a title."""
SHORTEST_MISSPELT = 5
"""Letters; of a shorter word, another letter makes another word."""

_MENTION = re.compile(r"<at\b[^>]*>.*?</at\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_ONE_LETTER = str.maketrans({"æ": "a", "ø": "o"})
_TWO_LETTERS = re.compile("ae|aa|oe")


def read_line(text: str) -> tuple[ChatWish, str]:
    """The wish by the table above.

    With `COURSE` the words that name it, as they were written; with `UNKNOWN` the line; else "".
    """
    line = without_mentions(text)
    words = _WORD.findall(line)
    if not line:
        return ChatWish.HELP, ""
    if not words or len(words) > MOST_WORDS:
        return ChatWish.UNKNOWN, line
    known = [_known(_fold(word)) for word in words]
    wishes, said = _phrases_in(known)
    naming = [
        word
        for at, word in enumerate(words)
        if at not in said and known[at] not in _SILENT and not known[at].isdigit()
    ]
    if not naming:
        return (wishes[0] if wishes else ChatWish.HELP), ""
    return (ChatWish.COURSE, " ".join(naming)) if len(naming) <= MOST_NAMING else (ChatWish.UNKNOWN, line)


def without_mentions(text: str) -> str:
    """The line as it was meant: on one line, without the bot's own name and the tags that Teams writes."""
    cut = _MENTION.sub(" ", text[:LONGEST_TYPED])
    return one_line(html.unescape(_TAG.sub(" ", cut)))


def _phrases_in(words: Sequence[str]) -> tuple[list[ChatWish], set[int]]:
    """The wishes of all phrases in the line, the one that counts first, and which words they are."""
    wishes: list[ChatWish] = []
    said: set[int] = set()
    for wish, phrases in _PHRASES:
        for phrase in phrases:
            for at in range(len(words) - len(phrase) + 1):
                if words[at : at + len(phrase)] == phrase:
                    wishes.append(wish)
                    said |= {*range(at, at + len(phrase))}
    return wishes, said


def _known(word: str) -> str:
    """The word of ours that was meant: itself, or one that is a slip of the hand away; else the word."""
    if word in _OURS:
        return word
    return next((meant for meant in _OURS if _is_slip(word, meant)), word)


def _is_slip(written: str, meant: str) -> bool:
    if min(len(written), len(meant)) < SHORTEST_MISSPELT or abs(len(written) - len(meant)) > 1:
        return False
    letters = enumerate(zip(written, meant, strict=False))
    alike = next((at for at, (one, other) in letters if one != other), None)
    if alike is None:
        return True
    here, there = written[alike:], meant[alike:]
    swapped = here[1::-1] + here[2:]
    return there in {there[0] + here[1:], here[1:], swapped} or here == there[1:]


def _fold(word: str) -> str:
    """The word without case, accents and signs, each Danish letter as one of a to z."""
    plain = unicodedata.normalize("NFKD", word.casefold()).translate(_ONE_LETTER)
    letters = "".join(sign for sign in plain if sign.isalnum())
    return _TWO_LETTERS.sub(lambda two: two[0][0], letters)


_PHRASES = tuple(
    (wish, tuple([*map(_fold, phrase.split())] for phrase in phrases.split(","))) for wish, phrases in PHRASES
)
_SILENT = dict.fromkeys(map(_fold, SILENT.split()))
_OURS = dict.fromkeys([*(word for _, phrases in _PHRASES for phrase in phrases for word in phrase), *_SILENT])
