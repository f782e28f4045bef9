"""Made-up people: names that nobody has, and addresses that lead nowhere.

The same seed gives the same people in the same order. Names carry æ, ø, å, accents and apostrophes,
because those are what breaks. All addresses are under a reserved `.example` domain.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

GIVEN = (
    "Åse", "Bjørk", "Carlo", "Ditte", "Ebbe", "Freja", "Gudrun", "Håkon", "Ida", "Jørn", "Karla",
    "Løvdal", "Mikkeline", "Næve", "Oda", "Pelle", "Quist", "René", "Søren", "Thøger", "Ulrikke",
    "Vagn", "Wilma", "Xenia", "Yrsa", "Zacho", "Ægir", "Ørn", "Ågot", "Zoë",
)  # fmt: skip
SURNAMES = (
    "Eksempelsen", "Prøvegaard", "Skabelonsen", "Demohøj", "Påhitsen", "Fantasigård", "Øvelund",
    "Modelsen", "Kladdebæk", "Sandkassen", "Opdigtholm", "Attrapsen", "O'Prøve", "Pseudonymsen",
    "Fiktivborg", "D'Eksempel", "Læremosen", "Utopisen", "Måskebjerg", "Tænktgaard",
)  # fmt: skip
TITLES = (
    "Skoleleder", "Dagtilbudsleder", "Centerleder", "Teamleder", "Afdelingsleder", "Områdeleder",
    "Plejecenterleder", "Driftsleder",
)  # fmt: skip
_PLAIN = str.maketrans(
    {
        "æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "é": "e", "ë": "e", " ": ".",
    }
)  # fmt: skip


class MadeUpPerson(NamedTuple):
    """A person of the municipality before they are in its directory."""

    name: str
    mail: str
    title: str


def address_of(name: str, domain: str) -> str:
    """Return `fornavn.efternavn@domain` in lower case; an apostrophe stays."""
    return f"{name.translate(_PLAIN).lower()}@{domain}"


def make_up_people(seed: int, domain: str) -> Iterator[MadeUpPerson]:
    """Yield people without end; after all pairs of names they get a number."""
    chance = random.Random(seed)
    pairs = [f"{given} {surname}" for given in GIVEN for surname in SURNAMES]
    turn = 1
    while True:
        chance.shuffle(pairs)
        for pair in pairs:
            name = pair if turn == 1 else f"{pair} {turn}"
            yield MadeUpPerson(name, address_of(name, domain), chance.choice(TITLES))
        turn += 1
