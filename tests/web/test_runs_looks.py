"""How the pages about the service look: all well, all that can be wrong at once, and nothing at all; with the longest of words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.desks.doctor.findings import DOCS, DoctorFinding, State
from bot.desks.doctor.kept import LastExamination
from bot.desks.plan import BookPlanDesk
from bot.domain.job_runs import JobOutcome, JobRun
from bot.domain.people import Language
from bot.domain.service_state import JobState, MailsToGo, ServedPlan, ServiceState
from bot.domain.webhooks import GivenUp
from bot.i18n.catalogue import load_area
from bot.opening.stores import open_stores
from config.settings import Settings
from jobs.registry import JOBS
from tests.builders.browsers import PHONE, assert_everybody_can_use_on_every_screen
from tests.builders.report_facts import PLAN
from tests.web.signed_in import signed_in

LONG = "Donaudampfschifffahrtsgesellschaftskapitaensmuetze"
NOW = datetime(2025, 6, 2, 9, tzinfo=UTC)
ERRORS = (
    "plan_invalid",
    "graph_unanswered",
    "graph_permission_missing",
    "database_full",
    "graph_group_not_found",
    "of_tomorrow",
    *[""] * (len(JOBS) - 6),
)


def run(job, outcome=JobOutcome.DONE, error=""):
    return JobRun(plan="by", job=job, run_id="1", started_at=NOW, finished_at=NOW, outcome=outcome, exit_code=0, error=error)


def jobs(errors):
    for job, error in zip(JOBS, errors, strict=True):
        outcome = JobOutcome.FAILED if error else JobOutcome.DONE
        yield JobState(job=job, last=run(job, outcome, error), good_at=NOW, next_at=NOW + timedelta(minutes=5))


WELL = ServedPlan(plan="by", organisation="Byens Kommune", timezone="Europe/Copenhagen", jobs=tuple(jobs([""] * len(JOBS))))
BAD = ServedPlan(
    plan=f"{LONG}.xlsx", timezone="Europe/Copenhagen", error="plan_file_missing", rests=True, erasure_waits=True,
    untold=(GivenUp(target="t", count=3, since=NOW, receiver="intranet.kommune.example"),),
    jobs=(*jobs(ERRORS), JobState(job="sync_plan", begun_at=NOW), JobState(job="hr_report", last=run("hr_report", JobOutcome.HELD))),
    mails=MailsToGo(count=1221, room_at=NOW),
)  # fmt: skip
STATES = {
    "well": ServiceState(plans=(WELL,)),
    "bad": ServiceState(plans=(WELL, BAD), database="database_full", microsoft="graph_unanswered"),
    "empty": ServiceState(),
}
DOCTOR_CHECKS = {check for check in DOCS if f"checks.{check}" in load_area(Language.DA, "doctor")}
FINDINGS = tuple(
    DoctorFinding(
        name=f"{'doctor' if check in DOCTOR_CHECKS else 'graph'}.checks.{check}", state=state, message="errors.graph_no_mailbox",
        params={"call": LONG * 2, "graph_code": LONG, "request_id": LONG}, subject=LONG,
    )
    for check, state in zip(DOCS, [*State] * len(DOCS), strict=False)
)  # fmt: skip


@dataclass
class Service:
    told: ServiceState
    last: LastExamination | None = None

    def state(self):
        return self.told

    def last_examination(self, _plan):
        return self.last or LastExamination()

    def examine(self, _plan, _language):
        self.last = LastExamination(at=NOW, findings=FINDINGS)
        return True


@pytest.fixture
def books(tmp_path):
    settings = Settings(database_url=f"sqlite:///{tmp_path}/books.db")
    with open_stores(settings) as opened:
        yield opened.database, {"by": BookPlanDesk(settings, PLAN, opened)}


@pytest.mark.parametrize("locale", ["da-DK", "en-GB"])
@pytest.mark.parametrize("state", STATES)
def test_what_the_service_does_can_be_read_by_everybody(browser, books, tmp_path, state, locale):
    database, desks = books
    with signed_in(browser, database, desks, viewport=PHONE, locale=locale, service=Service(STATES[state])) as site:
        page = site.open("/runs")
        assert_everybody_can_use_on_every_screen(page, tmp_path / "page.png", colours=locale == "da-DK")


@pytest.mark.parametrize("locale", ["da-DK", "en-GB"])
def test_an_examination_can_be_begun_and_read_by_everybody(browser, books, tmp_path, locale):
    """By keyboard alone, with what is for the IT department folded away until it is asked for."""
    database, desks = books
    with signed_in(browser, database, desks, viewport=PHONE, locale=locale, service=Service(STATES["bad"])) as site:
        page = site.open("/runs/check")
        assert_everybody_can_use_on_every_screen(page, tmp_path / "before.png", colours=locale == "da-DK")
        page.locator("main form button").press("Enter")
        page.locator("main details").first.wait_for()
        page.locator("main summary").first.press("Enter")
        assert_everybody_can_use_on_every_screen(page, tmp_path / "page.png", colours=locale == "da-DK")
