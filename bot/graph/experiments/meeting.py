"""The app in Teams and meetings there: what only a tenant can tell that has both.

Installing needs the app in the organisation's catalogue (`KURSUSBOT_TEAMS__APP_ID`); whoever had it not loses
it again. A report needs somebody who joins the meeting: the first of the two is asked to.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.probing import Finding, found, unknown
from bot.graph.calls import segment
from bot.graph.checks import roles_of
from bot.graph.experiments.creating import link_of, online_event
from bot.graph.gate import TEAMS
from bot.graph.times import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.graph.experiments.lab import Lab, LabSeen

CONFLICT = 409
OF_INSTALLING = ("catalogue_filter", "repeated_install", "install_forbidden")
OF_MEETINGS = ("meeting_by_link", "missing_policy", "report_time")
ASKED_AFTER = timedelta(minutes=30)
"""So long after a session kursusbot first asks for its report."""


async def installing(lab: Lab) -> Sequence[Finding]:
    """Find our app in the catalogue, and install it twice for each of the two."""
    if lab.manifest_id is None:
        return [unknown(one, "no_app") for one in OF_INSTALLING]
    query = {"$filter": f"externalId eq '{lab.manifest_id}'", "$select": "id,externalId"}
    seen = await lab.ask("GET", "/appCatalogs/teamsApps", query=query, gate=TEAMS)
    apps = [str(one["id"]) for one in seen.body.get("value") or ()]
    first = (
        found("catalogue_filter", "found" if apps else "nothing", apps=len(apps))
        if seen.done
        else unknown("catalogue_filter", _why(seen), status=seen.status, code=seen.code)
    )
    app = lab.catalogue_id or next(iter(apps), "")
    if not app:
        return [first, *(unknown(one, "no_app") for one in OF_INSTALLING[1:])]
    tries = [await _installed_twice(lab, lab.witness.ids.get(one, one), app) for one in lab.people]
    return [first, _repeated([again for _, again in tries if again]), _forbidden([one for one, _ in tries])]


async def meetings(lab: Lab) -> Sequence[Finding]:
    """Find a meeting by its link, and wait for the report of who was in it."""
    began = lab.client.pace.monotonic()
    made, latest, waited = await online_event(lab, "meeting", lab.people[0])
    if waited is None:
        return [unknown(one, "no_meeting", status=made.status, code=made.code) for one in OF_MEETINGS]
    path = lab.path("onlineMeetings")
    wanted = {"$filter": f"JoinWebUrl eq '{link_of(latest)}'"}
    seen = await lab.ask("GET", path, query=wanted, gate=TEAMS)
    if not seen.done:
        lacks = seen.denied and "OnlineMeetings.Read.All" not in (
            roles_of(await lab.client.fetch_token()) or {"OnlineMeetings.Read.All"}
        )
        policy = (
            unknown("missing_policy", "denied", status=seen.status, code=seen.code)
            if lacks
            else found(
                "missing_policy", "forbidden" if seen.denied else "other", status=seen.status, code=seen.code
            )
        )
        others = [unknown(one, _why(seen), status=seen.status) for one in ("meeting_by_link", "report_time")]
        return [others[0], policy, others[1]]
    rows = seen.body.get("value") or ()
    by_link = found("meeting_by_link", "found" if rows else "nothing", meetings=len(rows))
    policy = unknown("missing_policy", "not_seen")
    if not rows:
        return [by_link, policy, unknown("report_time", "no_report")]
    reports = f"{path}/{segment(str(rows[0]['id']))}/attendanceReports"
    return [by_link, policy, await _report(lab, reports, began)]


async def _installed_twice(lab: Lab, who: str, app: str) -> tuple[LabSeen, LabSeen | None]:
    """What the first try says, and the second where the app is there by then; who had it not loses it."""
    path = f"/users/{segment(who)}/teamwork/installedApps"
    body = {"teamsApp@odata.bind": lab.client.address_of(f"/appCatalogs/teamsApps/{segment(app)}")}
    once = await lab.ask("POST", path, body=body, gate=TEAMS)
    if not once.done:
        return once, once if once.status == CONFLICT else None
    again = await lab.ask("POST", path, body=body, gate=TEAMS)
    listed = await lab.ask("GET", path, query={"$filter": f"teamsApp/id eq '{app}'"}, gate=TEAMS)
    for one in listed.body.get("value") or ():
        await lab.ask("DELETE", f"{path}/{segment(str(one['id']))}", gate=TEAMS)
    return once, again


def _repeated(again: Sequence[LabSeen]) -> Finding:
    for one in again:
        if one.done or one.status == CONFLICT:
            reading = "taken" if one.done else "conflict"
            return found("repeated_install", reading, status=one.status, code=one.code)
    return unknown("repeated_install", "refused")


def _forbidden(tries: Sequence[LabSeen]) -> Finding:
    """Whose a 403 is: nobody's here, everybody's or one's."""
    denied = [one for one in tries if one.denied]
    if not denied:
        return unknown("install_forbidden", "not_seen")
    reading = "everybody" if len(denied) == len(tries) else "one"
    return found("install_forbidden", reading, status=denied[0].status, code=denied[0].code)


async def _report(lab: Lab, path: str, began: float) -> Finding:
    """How long after the meeting its report is there; `began`: when it was `now` by the running clock."""
    minutes = max(1, round(lab.answer_patience / 60))
    lab.say("join", {"address": lab.people[0], "subject": lab.subject("meeting"), "minutes": minutes})
    latest: LabSeen | None = None

    async def there() -> bool:
        nonlocal latest
        latest = await lab.ask("GET", path, gate=TEAMS)
        return bool(latest.body.get("value")) or latest.denied

    waited = await lab.until(there, patience=lab.answer_patience)
    if latest is not None and latest.denied:
        return unknown("report_time", "denied", status=latest.status, code=latest.code)
    heads = (latest.body.get("value") if latest is not None else None) or ()
    ends = [end for one in heads if (end := instant(one.get("meetingEndDateTime"))) is not None]
    if waited is None or not ends:
        return unknown("report_time", "no_report", seconds=lab.answer_patience)
    now = lab.now + timedelta(seconds=lab.client.pace.monotonic() - began)
    after = max(now - max(ends), timedelta())
    return found(
        "report_time", "soon" if after <= ASKED_AFTER else "late", seconds=int(after.total_seconds())
    )


def _why(seen: LabSeen) -> str:
    return "denied" if seen.denied else "refused"
