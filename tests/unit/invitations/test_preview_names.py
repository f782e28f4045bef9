"""In what order a preview names people, and what it says of an event that nobody is on yet."""

from __future__ import annotations

from bot.domain.events import Location
from bot.domain.people import PeopleIndex, Person
from bot.invitations.preview import outline
from bot.invitations.preview_page import as_text
from bot.invitations.preview_reader import Reader
from tests.builders.samples import make_desired, make_plan
from tests.unit.invitations.previewed import DA, ENTRY, STANDING, changeset, text_of


def test_names_are_sorted_as_danish_sorts_them_whatever_the_addresses():
    """Åse comes last, though her address begins with an a."""
    people = PeopleIndex(
        [Person(email=f"{at}@demo.example", name=name) for at, name in (("aase", "Åse"), ("aegir", "Ægir"), ("bjoerk", "Bjørk"))]
    )
    desired = make_desired("anna", "bo", "aase", "aegir", "bjoerk", location=Location(name="Sal 1"))
    found = changeset(desired, STANDING, entries=[ENTRY])
    assert "3 inviteres: Bjørk, Ægir, Åse" in as_text(outline(found, Reader(plan=make_plan(), people=people, language=DA)))


def test_an_event_that_nobody_is_put_on_at_first_says_so():
    found = changeset(make_desired())
    assert "Ingen inviteres endnu: folk inviteres, efterhånden som de får en plads" in text_of(found)
