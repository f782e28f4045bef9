"""Long lists a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")
LONGEST_NUMBER = 6


def paged(rows: Sequence[Row], page: str, size: int) -> tuple[Sequence[Row], int, int]:
    """The rows of a page, which it is, and how many there are; what is no number is the first."""
    pages = max(1, -(-len(rows) // size))
    is_number = page.isascii() and page.isdigit() and len(page) <= LONGEST_NUMBER
    number = min(max(int(page), 1), pages) if is_number else 1
    return rows[(number - 1) * size : number * size], number, pages
