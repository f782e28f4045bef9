"""Why a message was not sent, as people say it."""

import pytest

from bot.domain.people import Language
from bot.i18n.spoken import reason_text


@pytest.mark.parametrize("language", Language)
def test_a_reason_of_ours_has_words_and_one_of_graphs_own_stays_as_it_is(language):
    assert reason_text("bounced_mailbox_full", language) != "bounced_mailbox_full"
    assert reason_text("ErrorOfTomorrow", language) == "ErrorOfTomorrow"
