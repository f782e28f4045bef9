"""Which countries' holidays are known: those of the library, by their codes."""

from bot.working_days import _modules


def test_each_country_of_the_library_is_found_by_its_code():
    """Worked out here, whatever was asked before in this process."""
    assert _modules.__wrapped__()["DK"] == ("denmark", "Denmark")
