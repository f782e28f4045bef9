"""Which way a reminder goes to a person, by the rule's `channels` and by what Teams reaches (pure).

    the rule says     Teams                              then
    mail              sent it, and no mail is known      that one: the rule said `teams` when it went
    mail              anything else                      mail
    teams             off                                mail
    teams             one of the two is in the outbox    that one; mail where it turned out that Teams does not bring it to the person
    teams             does not reach the person          mail
    teams             reaches the person                 teams
    mail, teams       on or off                          mail and teams; skipped, with the reason, where Teams does not reach the person

Whom Teams reaches: who has a chat with the bot; where the activity feed is on, whoever has a directory id,
until Graph says that the app is not there for them. In a chat it is a card, else a line in the feed
(`bot.rounds.steps.deliver_chat`, `deliver_teams`): one way, and known here as one. So nobody gets what
`teams` alone asks for twice, whatever is set up or taken down meanwhile, or however the rule is changed to
`mail`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.reminder_rules import Channel
from bot.domain.reminders import NOT_BY_TEAMS, ReminderState

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.domain.teams import TeamsReach

BOTH = frozenset({Channel.MAIL, Channel.TEAMS})


def ways_to(
    channels: Collection[Channel],
    *,
    directory_id: str | None,
    addresses: frozenset[str] = frozenset(),
    reach: TeamsReach,
    known: Callable[[Channel], tuple[ReminderState, str] | None],
) -> tuple[Channel, ...]:
    """The ways to one person, by the table above.

    `known(channel)` is what the outbox says of the reminder by that way.
    """
    asked = BOTH & set(channels)
    if Channel.TEAMS not in asked:
        line = known(Channel.TEAMS)
        told = line is not None and line[0] is ReminderState.SENT and known(Channel.MAIL) is None
        return (Channel.TEAMS,) if told else (Channel.MAIL,)
    if asked == BOTH:
        return (Channel.MAIL, Channel.TEAMS)
    by_teams = known(Channel.TEAMS)
    if known(Channel.MAIL) is not None:
        return (Channel.MAIL,)
    if by_teams is not None:
        state, reason = by_teams
        return (
            (Channel.MAIL,) if state is ReminderState.SKIPPED and reason in NOT_BY_TEAMS else (Channel.TEAMS,)
        )
    return (Channel.TEAMS,) if reach.reaches(directory_id, addresses) else (Channel.MAIL,)
