"""What is read of a non-delivery report, and what of a mail that only looks like one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bounces import BounceReport
from bot.graph.reports import IN_REPLY_TO, MESSAGE_CLASS, MOST_ORIGINALS, attached_original, report_of
from tests.unit.graph.reports import ORIGINAL, WORDS, report


def properties(message_class: str = "REPORT.IPM.Note.NDR", **more: str) -> list[dict[str, str]]:
    return [{"id": MESSAGE_CLASS, "value": message_class}, *({"id": name, "value": value} for name, value in more.items())]


def test_a_report_names_the_mail_that_it_answers_who_was_not_reached_and_why() -> None:
    """Not who else got it, which only the original's headers tell."""
    assert report_of(report()) == BounceReport(
        originals=(ORIGINAL,),
        addresses=("o'brien@amateur.example", "kurser@kommune.example"),
        code="5.7.350",
        received_at=datetime(2027, 1, 4, 12, tzinfo=UTC),
    )


def test_a_list_without_headers_still_has_the_property() -> None:
    told = report_of(report(internetMessageHeaders=[], singleValueExtendedProperties=properties(**{IN_REPLY_TO: ORIGINAL})))
    assert told is not None
    assert told.originals == (ORIGINAL,)


@pytest.mark.parametrize("message_class", ["REPORT.IPM.Schedule.Meeting.Request.NDR", "report.ipm.note.ndr"])
def test_the_class_of_a_report_is_known_whatever_the_original_was(message_class: str) -> None:
    assert report_of(report(singleValueExtendedProperties=properties(message_class))) is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"singleValueExtendedProperties": []},
        {"singleValueExtendedProperties": None},
        {"singleValueExtendedProperties": properties("IPM.Note")},
        {"singleValueExtendedProperties": properties("REPORT.IPM.Note.IPNRN")},
        {"singleValueExtendedProperties": properties("IPM.Note.NDR.Kopi")},
        {"receivedDateTime": "yesterday"},
        {"receivedDateTime": "4501-01-01T00:00:00Z"},
    ],
)
def test_what_is_no_report_says_nothing(changes: dict[str, Any]) -> None:
    assert report_of(report(**changes)) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Statuskode: 550 5.1.10", "5.1.10"),
        ("Remote Server returned '#5.1.1#'", "5.1.1"),
        ("with mapi id 15.20.4755.014 and 192.0.2.5.1", ""),
        ("version 5.1.10.2", ""),
        ("2.0.0 OK", ""),
        ("", ""),
    ],
)
def test_the_first_status_code_counts_and_no_version_is_one(words: str, code: str) -> None:
    told = report_of(report(body={"content": words}))
    assert told is not None
    assert told.code == code


def test_a_body_without_headers_or_without_words_is_read_as_far_as_it_goes() -> None:
    for body in (None, {}, {"content": None}):
        told = report_of(report(body=body))
        assert told is not None
        assert (told.addresses, told.code) == ((), "")


def test_what_lies_behind_a_long_body_is_not_read() -> None:
    told = report_of(report(body={"content": "x " * 50_000 + "anna@kommune.example 5.1.1"}))
    assert told is not None
    assert (told.code, "anna@kommune.example" in told.addresses) == ("", False)


@pytest.mark.parametrize("tag", ["String 0x1a", "String 0x1A", "string 0x001a", " String 0x001A"])
def test_graph_spells_the_id_of_a_property_as_it_likes(tag: str) -> None:
    """Seen live: leading zeros are gone."""
    answer = [{"id": tag, "value": "REPORT.IPM.Note.NDR"}, {"id": "String 0x1042", "value": ORIGINAL}]
    told = report_of(report(singleValueExtendedProperties=answer, internetMessageHeaders=None))
    assert told is not None
    assert told.originals == (ORIGINAL,)


def headers(**named: str) -> list[dict[str, str]]:
    return [{"name": name.replace("_", "-"), "value": value} for name, value in named.items()]


@pytest.mark.parametrize(
    ("said", "words", "originals"),
    [
        ({"References": "<a@x> <b@x>"}, "", ("<b@x>", "<a@x>")),
        ({"In_Reply_To": "<c@x>", "References": "<a@x>\r\n <b@x>"}, "", ("<c@x>", "<b@x>", "<a@x>")),
        ({}, "To: bo@y.example\nMessage-ID: <d@x>\n", ("<d@x>",)),
        ({}, "Message-Id:\n <d@x>", ("<d@x>",)),
        ({"In_Reply_To": "<d@x>"}, "Message-ID: <d@x>", ("<d@x>",)),
        ({"In_Reply_To": "no id"}, "", ()),
        ({"In_Reply_To": f"<{'x' * 400}@a.example>"}, "", ()),
        (
            {"References": " ".join(f"<{number}@x>" for number in range(20))},
            "",
            tuple(f"<{number}@x>" for number in range(19, 19 - MOST_ORIGINALS, -1)),
        ),
        ({"Subject": "<e@x>"}, "see <mailto:f@x>", ()),
    ],
)
def test_what_a_report_is_about_is_found_wherever_it_is_said(said: dict[str, str], words: str, originals: tuple[str, ...]) -> None:
    told = report_of(report(internetMessageHeaders=headers(**said), body={"content": words}))
    assert told is not None
    assert told.originals == originals


TO_ALL = "From: kurser@y.example\nTo: anna@y.example,\n bo@y.example,\ncarl@y.example\nSubject: Kursus\n"


@pytest.mark.parametrize(
    ("words", "said", "addresses"),
    [
        (f"{TO_ALL}\nDelivery failed permanently:\n\n  bo@y.example\n\n550 5.1.1 User unknown", {}, ("bo@y.example",)),
        (f"Delivery has failed.\n{TO_ALL}\nbo@y.example: 550\n\n{TO_ALL}\nHej anna@y.example", {}, ("bo@y.example",)),
        (f"Could not reach Bo@Y.example.\n{TO_ALL}\nHej anna@y.example", {}, ("bo@y.example",)),
        (TO_ALL, {}, ()),
        ("bo@y.example and carl@y.example, bo@y.example", {}, ("bo@y.example", "carl@y.example")),
        ("Final-Recipient: rfc822; bo@y.example\nAction: failed\nwrite to anna@y.example", {}, ("bo@y.example",)),
        ("Original-Recipient: rfc822;bo@y.example", {}, ("bo@y.example",)),
        ("X-Failed-Recipients: bo@y.example, carl@y.example", {}, ("bo@y.example", "carl@y.example")),
        ("something else anna@y.example", {"X_Failed_Recipients": "bo@y.example"}, ("bo@y.example",)),
    ],
    ids=[
        "the headers first", "headers twice", "the headers last", "nothing but headers", "several", "RFC 3464", "as it was written",
        "in the text", "in the headers",
    ],
)  # fmt: skip
def test_whom_it_failed_is_never_taken_from_the_originals_headers(words: str, said: dict[str, str], addresses: tuple[str, ...]) -> None:
    """They name everybody who was written to."""
    told = report_of(report(internetMessageHeaders=headers(**said), body={"content": words}))
    assert told is not None
    assert told.addresses == addresses


def test_the_code_is_found_behind_the_headers_too() -> None:
    told = report_of(report(body={"content": f"{TO_ALL}550 5.2.2 mailbox full"}))
    assert told is not None
    assert told.code == "5.2.2"


def test_a_mail_that_hangs_on_a_report_is_the_original() -> None:
    mail = {"@odata.type": "#microsoft.graph.itemAttachment", "item": {"internetMessageId": ORIGINAL}}
    others: list[dict[str, Any]] = [{"name": "details.txt"}, {"item": None}, {"item": {}}, {"item": {"internetMessageId": "no id"}}]
    assert attached_original([*others, mail, mail]) == (ORIGINAL,)
    assert attached_original(others) == ()


json_text = st.text(max_size=300) | st.sampled_from([WORDS, ORIGINAL, "a@b.example", "5.1.1"])


@given(st.lists(json_text, min_size=5, max_size=5), st.booleans())
def test_whatever_it_says_it_is_read_without_an_error(words: list[str], is_report: bool) -> None:
    told = report_of(
        report(
            body={"content": words[0]},
            internetMessageHeaders=[{"name": "In-Reply-To", "value": words[1]}],
            receivedDateTime="2027-01-04T12:00:00Z" if is_report else words[2],
            singleValueExtendedProperties=properties("REPORT.x.NDR" if is_report else words[4]),
        )
    )
    assert told is None or all(one in words[1] or one in words[0] for one in told.originals)


def test_what_is_invisible_in_a_named_address_is_no_part_of_it() -> None:
    words = "Din meddelelse til an\u200bna@\u200ekommune.exam\u00adple kunne ikke leveres. 5.1.10"
    told = report_of(report(body={"content": words}))
    assert told is not None
    assert told.addresses == ("anna@kommune.example",)
