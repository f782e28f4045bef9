"""A change set as JSON for programs: the keys are the public contract's (pure)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, assert_never

from bot.approvals.telling import courses_json
from bot.domain.approvals import Consent
from bot.domain.changes import Applied, Cancel, Conflict, Create, Forget, Outcome, Update
from bot.invitations.clashes import NO_CLASHES
from bot.invitations.overspending import NOTHING_OVERSPENT
from bot.invitations.preview_changes import error_words
from bot.invitations.preview_clashes import clashes_json
from bot.invitations.preview_edits import edit_json
from bot.invitations.preview_left_out import left_out_json
from bot.invitations.preview_overspending import overspent_json
from bot.invitations.preview_seats import seats_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.approvals.verdicts import Verdict
    from bot.domain.changes import Change, ChangeSet
    from bot.domain.people import Language, LeftOut
    from bot.invitations.clashes import Clashes
    from bot.invitations.overspending import Overspending


def as_json(
    change_set: ChangeSet,
    *,
    applied: Sequence[Applied] | None = None,
    language: Language,
    verdicts: Sequence[Verdict] = (),
    held: Sequence[Change] = (),
    clashes: Clashes = NO_CLASHES,
    overspending: Overspending = NOTHING_OVERSPENT,
    left_out: Sequence[LeftOut] = (),
) -> str:
    """The contract's shape.

    `outcome` (and `error`) only where something was applied; `held` waits for a person's approval.
    """
    outcomes = {id(one.change): one for one in applied or ()} | {
        id(one): Applied(change=one, outcome=Outcome.HELD) for one in held
    }
    consents, waits = {verdict.course: verdict.consent for verdict in verdicts}, {*map(id, held)}

    def consent(change: Change) -> Consent:
        return _consent(change, consents, is_held=id(change) in waits, is_done=applied is not None)

    document = {
        "plan": change_set.plan,
        "revision": change_set.revision,
        "checksum": change_set.checksum,
        "mails": change_set.mails,
        "changes": [
            _row(change, consent(change), outcomes.get(id(change)), language)
            for change in (*change_set.changes, *held)
        ],
        "courses": courses_json(verdicts),
        "unknown_groups": [
            {"group": unknown.group, "reason": unknown.reason.value} for unknown in change_set.unknown_groups
        ],
        "without_address": list(change_set.without_address),
        "unmatched": list(change_set.unmatched),
        "left_out": left_out_json(left_out),
        "groups_as_people": list(change_set.groups_as_people),
        "unknown_delegates": list(change_set.unknown_delegates),
        "without_link": list(change_set.without_link),
        "renamed": [
            {"was": str(one.old), "session": str(one.new), "subject": one.subject}
            for one in change_set.renamed
        ],
        "clashes": clashes_json(clashes),
        "overspent": overspent_json(overspending),
        **seats_json(change_set),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _row(change: Change, consent: Consent, result: Applied | None, language: Language) -> dict[str, object]:
    return {
        "action": change.action,
        "session": str(change.key),
        "course": change.course,
        "subject": change.subject,
        "fields": [],
        "add": [],
        "remove": [],
        "mails": change.mails,
        "reason": change.reason.value,
        "approval": consent.value,
        **_own_keys(change),
        **_outcome_keys(result, language),
    }


def _own_keys(change: Change) -> dict[str, object]:
    """What only a change of this kind has."""
    match change:
        case Update():
            readdressed = [{"was": old, "email": new} for old, new in change.readdressed]
            return {
                "fields": [field.value for field in change.fields],
                "add": list(change.add),
                "remove": list(change.remove),
                **({"readdressed": readdressed} if readdressed else {}),
            }
        case Create():
            return {"add": [attendee.email for attendee in change.desired.attendees], "held": change.held}
        case Conflict():
            return {
                "fields": [field.value for field in change.fields],
                "missing": list(change.missing),
                **edit_json(change),
            }
        case Cancel():
            return {"told": change.told}
        case Forget():
            return {}
        case _ as unreachable:
            assert_never(unreachable)


def _outcome_keys(result: Applied | None, language: Language) -> dict[str, object]:
    if result is None:
        return {}
    error = {} if result.error is None else {"error": error_words(result.error, language)}
    return {"outcome": result.outcome.value, **error}


def _consent(change: Change, by_course: Mapping[str, Consent], *, is_held: bool, is_done: bool) -> Consent:
    """Whether a person has to approve the change.

    What reaches nobody needs none, nor what the world did while its course waits.
    """
    if is_held:
        return Consent.NEEDED
    reaches = change.mails > 0 or (isinstance(change, Create) and change.held)
    found = by_course.get(change.course, Consent.NOT_NEEDED) if reaches else Consent.NOT_NEEDED
    return Consent.NOT_NEEDED if is_done and found is Consent.NEEDED else found
