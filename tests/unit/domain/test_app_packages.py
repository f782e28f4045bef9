"""The version of a package: the same for the same, and a higher one for whatever else, whoever remembers."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.teams import AppPackage, package_version

TODAY = date(2027, 1, 5)


@pytest.mark.parametrize(("last", "wanted"), [
    (None, "1.20270105.0"),
    (("same", "1.20260101.3"), "1.20260101.3"),
    (("other", "1.20260101.3"), "1.20270105.0"),
    (("other", "1.20270105.0"), "1.20270105.1"),
    # The clock was ahead when the last one was made.
    (("other", "1.20300101.9"), "1.20300101.10"),
])  # fmt: skip
def test_the_version_of_a_package(last: tuple[str, str] | None, wanted: str) -> None:
    known = AppPackage(app="a", digest=last[0], version=last[1]) if last else None
    assert package_version(known, "same", today=TODAY) == wanted
