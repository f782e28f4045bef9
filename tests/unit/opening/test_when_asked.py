"""What is opened when something of it is first asked for."""

from __future__ import annotations

import pytest

from bot.opening.when_asked import when_asked


class Book:
    made = 0

    def __init__(self):
        Book.made += 1

    def load(self, what):
        return f"{what}, as it is"


def test_is_made_once_and_only_when_asked():
    Book.made = 0
    book = when_asked(Book)
    assert Book.made == 0
    assert [book.load("one"), book.load("two")] == ["one, as it is", "two, as it is"]
    assert Book.made == 1
    with pytest.raises(AttributeError, match="save"):
        book.save("one")
