"""What happened on the stage, held against what kursusbot said would happen and what the story expects.

What does not come true is noted in `Performed.disappointments`, in words.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.demo.mails import Mailed, counted, sent_mails
from bot.demo.performed import Collected, Performed
from bot.domain.check_in import CheckInAnswer
from bot.domain.registrations import RegistrationStatus
from bot.domain.reminder_rules import Channel
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from bot.demo.acts import AtTheDoor, FillInForms, LookAtEvaluations, OutlookForgot, SameRegistrations
    from bot.demo.control import ControlPlane
    from bot.demo.performed import CameToDoor, Certified, Evaluated, FilledIn
    from bot.domain.approvals import WaitReason
    from bot.domain.people import Language
    from bot.domain.registrations import Registration
    from bot.rounds.results import Synced


class Judge:
    """Looks at the tenant through its control plane, and writes what it misses in `language`."""

    def __init__(self, control: ControlPlane, language: Language, *, leaders: int) -> None:
        self._control, self._language, self._leaders = control, language, leaders

    def compare_waiting(
        self, performed: Performed, synced: Synced, expected: set[tuple[str, WaitReason]]
    ) -> None:
        """Nothing waits but what was expected, each for the reason expected among others."""
        found = {one.course: one.reasons for one in synced.proposal.waiting}
        if found.keys() != {course for course, _ in expected} or any(
            reason not in found[course] for course, reason in expected
        ):
            listed = ", ".join(f"{course} ({', '.join(reasons)})" for course, reasons in found.items()) or "–"
            self.disappoint(performed, "waits", found=listed)

    def compare_mails(self, performed: Performed, foretold: Mailed, sent: Mailed, *, promised: int) -> None:
        """Count both, and hold what was foretold against what was sent, person by person."""
        performed.foretold = performed.foretold.plus(counted(foretold))
        performed.sent = performed.sent.plus(counted(sent))
        missed, spam = foretold - sent, sent - foretold
        if missed or spam:
            self.disappoint(
                performed, "mails", foretold=foretold.total(), missed=missed.total(), spam=spam.total()
            )
        if promised != foretold.total():
            self.disappoint(performed, "count", promised=promised, foretold=foretold.total())

    def compare_mails_since(self, performed: Performed, foretold: Mailed) -> None:
        """What was foretold, held against what has been sent since the mails were last taken."""
        sent = sent_mails(self._control.take_mails())
        self.compare_mails(performed, foretold, sent, promised=foretold.total())

    def compare_teams(self, performed: Performed, due: Collection[tuple[str, str]]) -> None:
        """Hold what was due for feeds and channels against what came there; `due` is (address, channel)."""
        shown, posts = self._control.take_teams()
        lines = Counter(str(line["to"]) for line in shown)
        performed.lines += lines
        performed.posts += len(posts)
        foretold = Counter(email for email, channel in due if channel == Channel.TEAMS)
        expected_posts = sum(channel == Channel.CHANNEL for _, channel in due)
        if lines != foretold or len(posts) != expected_posts:
            found = {"lines": lines.total(), "posts": len(posts)}
            self.disappoint(
                performed, "teams", foretold_lines=foretold.total(), foretold_posts=expected_posts, **found
            )

    def expect_forgotten(
        self, performed: Performed, act: OutlookForgot, rows: Iterable[Registration]
    ) -> None:
        """Outlook shows no answer any more, and the seats stand."""
        _, course, offering, _ = act.session.split("/")
        seats = [
            row
            for row in rows
            if (row.course, row.offering, row.status) == (course, offering, RegistrationStatus.REGISTERED)
        ]
        shown = [answer for answer in self._control.fetch_answers(act.session).values() if answer != "none"]
        expected = act.registered * self._leaders // 100
        if shown or len(seats) < expected:
            self.disappoint(performed, "forgotten", shown=len(shown), kept=len(seats), expected=expected)

    def expect_same(self, performed: Performed, act: SameRegistrations, now: Iterable[Registration]) -> None:
        """Who is coming is the same under the new name as under the old one before."""
        rows = tuple(now)
        before = [row for said in performed.said if isinstance(said, Collected) for row in said.registrations]

        def of(some: Iterable[Registration], course: str) -> set[tuple[str, str, str]]:
            return {(row.offering, row.email, row.status.value) for row in some if row.course == course}

        then, today = of(before, act.old), of(rows, act.new)
        if not then or then != today or of(rows, act.old):
            self.disappoint(performed, "registrations", before=len(then), kept=len(then & today))

    def expect_one_each(self, performed: Performed) -> None:
        """Each session has one event."""
        stamps = Counter(
            stamp for event in self._control.fetch_events() for stamp in event["stamps"].values()
        )
        twins = [stamp for stamp, count in stamps.items() if count > 1]
        if twins or not stamps:
            self.disappoint(performed, "twins", sessions=", ".join(twins) or "–")

    def expect_at_the_door(self, performed: Performed, act: AtTheDoor, said: CameToDoor) -> None:
        """Everybody counts once, whoever said it and however often; who has no seat checks in at the door."""
        came = said.by_code + said.ticked
        self.expect_number(performed, "by_code", said.by_code, act.by_code)
        self.expect_number(performed, "came", said.numbers.came, came)
        self.expect_number(performed, "absent", said.numbers.absent, act.absent)
        self.expect_number(performed, "walk_ins", said.numbers.walk_ins, len(act.walk_ins))
        is_turned_away = said.refused is CheckInAnswer.AT_THE_DOOR
        self.expect_number(performed, "turned_away", int(is_turned_away), 1)

    def expect_hidden(self, performed: Performed, act: LookAtEvaluations, seen: Evaluated) -> None:
        """Nothing is shown of courses that too few have evaluated, and something of the others."""
        hidden = {one.course for one in seen.courses if not one.batches}
        self.expect_number(performed, "evaluations", len(seen.courses), len(act.courses))
        self.expect_number(performed, "hidden", len(hidden & {*act.hidden}), len(act.hidden))
        self.expect_number(
            performed, "shown", len(seen.courses) - len(hidden), len(act.courses) - len(act.hidden)
        )

    def expect_filled_in(self, performed: Performed, act: FillInForms, said: FilledIn) -> None:
        """As many forms as were to be filled in, or one of each who was asked; none is never enough."""
        self.expect_number(performed, "forms", said.forms, min(act.forms, max(said.asked, 1)))

    def expect_certified(self, performed: Performed, said: Certified, earned: int) -> None:
        """Each who earned one has got it once, and the page says of two codes what holds."""
        self.expect_number(performed, "certificates", said.people, earned)
        self.expect_number(performed, "holds", int(bool(said.holds)), 1)
        self.expect_number(performed, "holds_no_more", int(bool(said.holds_no_more)), 1)

    def expect_number(self, performed: Performed, what: str, found: int, expected: int) -> None:
        """Of what (`demo.number.<what>`) there are so many."""
        if found != expected:
            named = text(self._language, f"demo.number.{what}")
            self.disappoint(performed, "number", what=named, found=found, expected=expected)

    def disappoint(self, performed: Performed, code: str, **params: object) -> None:
        """Note what did not come true: `demo.wrong.<code>`."""
        performed.disappointments.append(text(self._language, f"demo.wrong.{code}", **params))
