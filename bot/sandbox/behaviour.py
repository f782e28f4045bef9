"""People who answer: by script, and by chance with a seed.

Listens to the mail log. An invitation, or an update that moved the event, makes the person decide, and
the answer comes when its delay has passed on the tenant's clock. Chance depends on the seed, the
person and the event's title and time, never on the order of requests.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import timedelta

from bot.sandbox.event_record import Event
from bot.sandbox.mail_log import Mail, MailKind, RecipientKind
from bot.sandbox.tenant import Tenant
from bot.sandbox.wire import JsonObject

ANSWERING = (MailKind.INVITATION, MailKind.UPDATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How people answer by chance: shares of 1 (the rest stays silent), and a delay between two bounds."""

    accept: float = 0.6
    decline: float = 0.1
    tentative: float = 0.1
    without_response: float = 0.02
    soonest: timedelta = timedelta(minutes=5)
    latest: timedelta = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One scripted answer: `response` is accept, decline, tentative or silent.

    `person` and `subject` are regular expressions for the whole address and a part of the title, `kind` for
    the kind of mail.
    """

    response: str
    person: str = ".*"
    subject: str = ""
    kind: str = ".*"
    after: timedelta = timedelta(hours=1)
    send_response: bool = True

    def fits(self, mail: Mail) -> bool:
        """Whether this mail is answered by this script."""
        theirs = re.fullmatch(self.person, mail.to, re.IGNORECASE) and re.search(self.subject, mail.subject)
        return bool(theirs and re.fullmatch(self.kind, mail.kind))


def read_behaviour(tenant: Tenant, body: JsonObject) -> Behaviour:
    """Make people answer as the control plane says.

    `{"seed": 1, "habits": {"accept": 0.6, ..., "soonest_seconds": n, "latest_seconds": n},
    "scripts": [{"response": "decline", "person": "bo@.*", "after_seconds": n}, ...]}`; all but the
    responses may be left out, without `habits` nobody answers by chance. Raises TypeError for an
    unknown name.
    """
    habits = Habits(**_with_durations(body["habits"])) if "habits" in body else None
    scripts = tuple(Script(**_with_durations(s)) for s in body.get("scripts", ()))
    return Behaviour(tenant, seed=int(body.get("seed", 1)), habits=habits, scripts=scripts)


def _with_durations(values: JsonObject) -> JsonObject:
    ending = "_seconds"
    return {
        k.removesuffix(ending): timedelta(seconds=v) if k.endswith(ending) else v for k, v in values.items()
    }


class Behaviour:
    """Makes the tenant's people answer; scripts go before chance."""

    def __init__(
        self, tenant: Tenant, *, seed: int = 1, habits: Habits | None = None, scripts: tuple[Script, ...] = ()
    ) -> None:
        """Listen to `tenant`'s mails from now on; without `habits` only scripts answer."""
        self.tenant = tenant
        self.seed = seed
        self.habits = habits
        self.scripts = scripts
        tenant.mail_log.listeners.append(self._read)

    def stop(self) -> None:
        """Read no more mails; answers already decided still come."""
        self.tenant.mail_log.listeners.remove(self._read)

    def _read(self, mail: Mail) -> None:
        if mail.kind not in ANSWERING or mail.recipient is not RecipientKind.PERSON or mail.event is None:
            return
        event = self.tenant.calendars.find(mail.event)
        seat = event.attendee(mail.to) if event else None
        if event is None or (seat is not None and seat.own_response != "none"):
            return
        script = next((s for s in self.scripts if s.fits(mail)), None)
        if script is not None:
            self._plan(event, mail.to, script.response, script.after, send=script.send_response)
        elif self.habits is not None:
            self._by_chance(event, mail.to, self.habits)

    def _by_chance(self, event: Event, person: str, habits: Habits) -> None:
        chance = random.Random(f"{self.seed}|{person.lower()}|{event.subject}|{event.start.utc}")
        roll = chance.random()
        spread = (habits.latest - habits.soonest).total_seconds()
        delay = habits.soonest + timedelta(seconds=chance.random() * spread)
        silent = chance.random() < habits.without_response
        for response, share in (
            ("accept", habits.accept),
            ("decline", habits.decline),
            ("tentative", habits.tentative),
        ):
            if roll < share:
                self._plan(event, person, response, delay, send=not silent)
                return
            roll -= share

    def _plan(self, event: Event, person: str, response: str, delay: timedelta, *, send: bool) -> None:
        if response == "silent":
            return
        time_of_asking = event.start.utc
        listed = event.attendee(person) is not None

        def act() -> None:
            seat = event.attendee(person)
            moved = event.start.utc != time_of_asking
            unanswered = seat.own_response == "none" if seat is not None else not listed
            if event.in_calendar and not moved and unanswered:
                self.tenant.people.answer(event, person, response, send_response=send)

        self.tenant.clock.plan(delay, act)
