"""Signed links: they open what they were made for, and say nothing to anybody else."""

from __future__ import annotations

import base64
import json
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.links import FeedReader, Grant, Purpose
from bot.links import LinkInvalid, _lock, feed_link, make_token, person_link, read_person_token, read_token

SECRET = "en-lang-hemmelighed-som-kun-findes-i-test"
NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
GRANT = Grant(purpose=Purpose.PERSON, plan="aadal", person="anna.eksempel@aadal.example", course="lederdag", made_at=NOW)
ALPHABET = string.ascii_letters + string.digits + "-_"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
INSTANTS = st.datetimes(datetime(2025, 3, 4), datetime(2099, 1, 1)).map(lambda moment: moment.replace(microsecond=0, tzinfo=UTC))


def is_refused(token: str, *, secret: str = SECRET, purpose: Purpose = Purpose.PERSON) -> bool:
    with pytest.raises(LinkInvalid):
        read_token([secret], token, purpose=purpose)
    return True


@given(
    purpose=st.sampled_from([Purpose.PERSON, Purpose.FEED]),
    plan=TEXTS,
    person=TEXTS,
    course=TEXTS,
    made_at=INSTANTS,
    generation=st.integers(0, 99),
)
def test_a_token_says_what_it_was_made_for_and_fits_into_an_address(purpose, plan, person, course, made_at, generation):
    """Whatever the names are made of."""
    grant = Grant(purpose=purpose, plan=plan, person=person, course=course, made_at=made_at, generation=generation)
    token = make_token(SECRET, grant)
    assert read_token([SECRET], token, purpose=purpose) == grant
    assert set(token) <= set(ALPHABET)


def test_a_token_of_an_older_program_says_what_was_promised_and_when_it_was_made():
    """Five facts, the last of them an end."""
    facts = ["p", "aadal", "anna.eksempel@aadal.example", "lederdag", int((NOW + timedelta(days=9)).timestamp())]
    token = _lock(SECRET).encrypt_at_time(json.dumps(facts).encode(), int(NOW.timestamp())).decode().rstrip("=")
    assert read_token([SECRET], token, purpose=Purpose.PERSON) == replace(GRANT, promised_until=NOW + timedelta(days=9))


@pytest.mark.parametrize(
    "facts", [[], ["p", "a", "b", "c"], ["p", "a", "b", "c", 1, 2, 3], ["x", "a", "b", "c", 1], {"p": 1}, 7, ["p", "a", "b", "c", None]]
)
def test_a_token_with_other_facts_is_none(facts):
    """Signed by us, and yet nothing that a program of ours says."""
    assert is_refused(_lock(SECRET).encrypt(json.dumps(facts).encode()).decode().rstrip("="))


@given(at=st.integers(0, 10_000), other=st.sampled_from(ALPHABET))
def test_any_other_character_anywhere_makes_it_no_token(at, other):
    """The last one too, whose bits base64 does not all use: one token has one spelling."""
    token = make_token(SECRET, GRANT)
    at %= len(token)
    if token[at] != other:
        assert is_refused(token[:at] + other + token[at + 1 :])


@pytest.mark.parametrize("course", ["a", "ab" * 9, "abc" * 12])
def test_the_last_character_cannot_be_spelt_otherwise(course):
    """Three lengths, so that base64 ends in each of its ways."""
    token = make_token(SECRET, replace(GRANT, course=course))
    assert [other for other in ALPHABET if other != token[-1] and not is_refused(token[:-1] + other)] == []


@given(st.text(max_size=200))
def test_what_we_did_not_make_is_refused_and_breaks_nothing(token):
    """Anybody may ask for any address."""
    assert is_refused(token)


@pytest.mark.parametrize("spoil", ["{}=", "{} ", "!{}", "{}A", "{}AAAA", "\u00e5{}", "{}\n"])
def test_nothing_may_stand_around_a_token(spoil):
    """Python's base64 passes over what it does not know."""
    assert is_refused(spoil.format(make_token(SECRET, GRANT)))


def test_a_token_opens_nothing_else():
    """The feed's address goes to everybody; it must not act for anybody."""
    assert is_refused(make_token(SECRET, GRANT), purpose=Purpose.FEED)
    assert is_refused(make_token(SECRET, replace(GRANT, purpose=Purpose.FEED)))


def test_a_new_secret_makes_every_link_invalid():
    """That is how links are called back."""
    assert is_refused(make_token(SECRET, GRANT), secret=SECRET + "!")


def test_a_former_secret_opens_what_was_sent_before():
    """While the secret is changed, nobody's link dies."""
    token = make_token(SECRET, GRANT)
    assert read_token([SECRET + "!", SECRET], token, purpose=Purpose.PERSON) == GRANT


def test_nobody_reads_the_address_out_of_a_link():
    """It stands in histories and in the logs of proxies."""
    token = make_token(SECRET, GRANT)
    for hidden in (token.encode(), base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))):
        assert all(word not in hidden for word in (b"anna", b"aadal", b"lederdag"))


def test_two_tokens_for_the_same_thing_share_nothing_to_guess_from():
    """Each is encrypted with chance of its own."""
    assert make_token(SECRET, GRANT)[20:] != make_token(SECRET, GRANT)[20:]


def test_a_feed_of_one_audience_is_bound_to_it_by_the_token():
    feed = replace(GRANT, purpose=Purpose.FEED, person="", course="")
    for grant in (feed, replace(feed, audience="ledere")):
        assert read_token([SECRET], make_token(SECRET, grant), purpose=Purpose.FEED) == grant


@pytest.mark.parametrize("base_url", ["https://kurser.aadal.example", "https://kurser.aadal.example/"])
def test_links_lead_to_the_page_and_to_the_feed(base_url):
    """A slash at the end of the setting makes no difference."""
    person, feed = person_link(SECRET, base_url, GRANT), feed_link(SECRET, base_url, replace(GRANT, purpose=Purpose.FEED))
    assert person.startswith("https://kurser.aadal.example/p/")
    assert feed.startswith("https://kurser.aadal.example/feed/")
    assert read_token([SECRET], person.rpartition("/")[2], purpose=Purpose.PERSON) == GRANT
    assert read_token([SECRET], feed.rpartition("/")[2].removesuffix(".ics"), purpose=Purpose.FEED).plan == "aadal"


@pytest.mark.parametrize("audience", ["", "ledere"])
@pytest.mark.parametrize("reader", [None, *FeedReader])
def test_a_link_to_a_feed_says_for_whom_and_for_which_audience(audience, reader):
    grant = Grant(purpose=Purpose.FEED, plan="aadal", made_at=NOW, generation=2, audience=audience, reader=reader)
    assert read_token([SECRET], make_token(SECRET, grant), purpose=Purpose.FEED) == grant


@pytest.mark.parametrize("more", [[1, "ledere", "alle"], [1, "", "hr", "x"]])
def test_a_feed_for_a_reader_that_there_is_not_is_no_token(more):
    facts = ["f", "aadal", "", "", int(NOW.timestamp()), *more]
    assert is_refused(_lock(SECRET).encrypt(json.dumps(facts).encode()).decode().rstrip("="), purpose=Purpose.FEED)


DELEGATE = replace(GRANT, purpose=Purpose.DELEGATE, generation=2, delegate="sekr@aadal.example")


def signed(*facts):
    return _lock(SECRET).encrypt(json.dumps(facts).encode()).decode().rstrip("=")


def test_a_delegates_link_says_who_acts_and_opens_a_persons_page_only():
    token = make_token(SECRET, DELEGATE)
    assert read_person_token([SECRET], token) == DELEGATE
    assert read_person_token([SECRET], make_token(SECRET, GRANT)) == GRANT
    assert is_refused(token, purpose=Purpose.PERSON)
    assert is_refused(token, purpose=Purpose.FEED)


@pytest.mark.parametrize("more", [[], [0], [0, ""], [0, None], [0, 7], [0, "sekr@aadal.example", "more"]])
def test_a_delegates_link_that_does_not_say_who_acts_is_none(more):
    """It would be the leader's own; and the leader's with one fact more is none either."""
    for purpose in ("s", "p"):
        if purpose == "p" and len(more) < 2:
            continue
        with pytest.raises(LinkInvalid):
            read_person_token([SECRET], signed(purpose, "aadal", "anna@aadal.example", "lederdag", 1, *more))
