"""The Teams block in a body: found in every form seen, cut out cleanly, kept in a new body."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.graph.joinblock import join_block, with_join_block, without_join_block

RULE = "_" * 80
LINK = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%7d"
HEAD = '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>\r\n<body>\r\n'
FOOT = "\r\n</body>\r\n</html>\r\n"

CLASSIC = (
    f'<div style="width:100%; height:20px"><span style="white-space:nowrap; color:#5F5F5F; opacity:.36">{RULE}</span> </div>\r\n'
    '<div class="me-email-text" lang="da-DK" style="color:#252424"><div style="margin-top:24px"><span style="font-size:24px">'
    "Microsoft Teams-møde</span> </div>\r\n"
    f'<div style="margin-bottom:20px"><a class="me-email-headline" href="{LINK}">Klik her for at deltage</a> </div>\r\n</div>\r\n'
    f'<div style="font-size:14px"><a href="https://aka.ms/JoinTeamsMeeting">Få mere at vide</a> </div>\r\n<div><span>{RULE}</span></div>'
)
NEWER = (
    '<div class="me-email-text" lang="en-US" style="max-width:1024px; color:#242424">\r\n'
    f'<div aria-hidden="true" style="overflow:hidden; white-space:nowrap">\r\n{RULE}</div>\r\n'
    '<div><span class="me-email-text" style="font-size:24px">Microsoft Teams</span> '
    '<a id="meet_invite_block.action.help" href="https://aka.ms/x">?</a></div>\r\n'
    '<div><a href="https://teams.microsoft.com/meet/488031?p=abc" id="meet_invite_block.action.join_link">Join</a></div>\r\n'
    f'<div style="overflow:hidden">{RULE}</div>\r\n</div>'
)
REWRITTEN = NEWER.replace("me-email-text", "x_me-email-text").replace('id="meet', 'id="x_meet')
PLAIN = f'<p>Deltag: <a href="{LINK}">{LINK}</a></p>'

BLOCKS = {"classic": CLASSIC, "newer": NEWER, "rewritten": REWRITTEN, "plain link": PLAIN}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_every_form_of_the_block_is_found_whole(block: str) -> None:
    """And nothing around it."""
    html = f"{HEAD}<p>Velkommen</p>\r\n<br>\r\n{block}{FOOT}"
    assert join_block(html) == block
    assert without_join_block(html) == f"{HEAD}<p>Velkommen</p></body>\r\n</html>\r\n"


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_a_body_reads_the_same_before_teams_adds_the_block_and_after(block: str) -> None:
    """The block comes in its own time and must not look like somebody's edit."""
    before = f"{HEAD}<p>Velkommen</p>{FOOT}"
    after = f"{HEAD}<p>Velkommen</p>\r\n<br>\r\n{block}{FOOT}"
    assert without_join_block(after) == without_join_block(before)


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)
def test_the_block_is_kept_in_a_new_body(block: str) -> None:
    """Losing it would disable the meeting; it is there once."""
    for new in ("<p>Nyt program</p>", f"{HEAD}<p>Nyt program</p>{FOOT}"):
        combined = with_join_block(new, block)
        assert join_block(combined) == block
        assert without_join_block(combined) == without_join_block(new)


def test_what_stands_after_the_block_is_not_part_of_it() -> None:
    """A person may write below it."""
    html = f"<div>Før</div>{NEWER}<p>Efter</p>"
    assert without_join_block(html) == "<div>Før</div><p>Efter</p>"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>Velkommen</p>",
        f"<p>Underskrift: {RULE}</p>",
        '<p>Læs om <a href="https://teams.example/guide">Teams</a></p>',
        "ikke <html",
        "<div class='me-email'>Hej</div>",
    ],
)
def test_a_body_without_a_block_has_none(html: str) -> None:
    """A line of underscores alone is somebody's drawing."""
    assert join_block(html) == ""
    assert without_join_block(html) == html
    assert with_join_block(html, "") == html


def test_the_events_own_link_tells_its_block_whatever_it_looks_like() -> None:
    """Teams may move to another address; the event says which one is its own."""
    link = "https://moede.example/l/1?a=1&b=2"
    block = '<div><a href="https://moede.example/l/1?a=1&amp;b=2">Deltag</a></div>'
    html = f"<p>Velkommen</p>{block}"
    assert join_block(html, link) == block
    assert without_join_block(html, link) == "<p>Velkommen</p>"
    assert join_block(html) == ""


PIECES = (
    '<div class="me-email-text">',
    "<div>",
    "</div>",
    "<p>",
    "</p>",
    RULE,
    f'<a href="{LINK}">',
    "</a>",
    "<br>",
    " \r\n",
    "Hej",
    "<body>",
    "</body>",
    "<",
    '"',
)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_no_html_is_too_broken_to_read(html: str) -> None:
    """Bodies come from people, Outlook and phones; what is cut out is a part of them, once."""
    block = join_block(html)
    assert block in html
    assert len(without_join_block(html)) <= len(html) - len(block)
