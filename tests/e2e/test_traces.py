"""Where the process is traced, a job and its requests are one trace, in which nobody is named."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from bot.sandbox.municipality import ALL_LEADERS
from tests.e2e.driver import REPOSITORY, TOKEN
from tests.e2e.plans import make_course, make_plan

if TYPE_CHECKING:
    from tests.e2e.driver import World

TRACED = """
import sys
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor
from bot.cli.main import main

spans = open(sys.argv.pop(1), "w", encoding="utf-8")
exporter = ConsoleSpanExporter(out=spans, formatter=lambda span: span.to_json(indent=None) + "\\n")
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
main()
"""


def test_a_job_is_one_trace_with_its_requests_and_names_nobody(world: World) -> None:
    world.write(make_plan(make_course()))
    file = world.folder / "spans.json"
    command = [sys.executable, "-c", TRACED, file, "jobs", "run", "sync_plan"]
    subprocess.run(command, cwd=world.folder, env=world.environment() | {"PYTHONPATH": str(REPOSITORY)}, check=True, capture_output=True)
    spans = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    (job,) = (span for span in spans if span["name"] == "job sync_plan")
    assert job["attributes"].items() >= {"kursusbot.plan": "demo", "kursusbot.outcome": "done", "kursusbot.error": ""}.items()
    ours = [span for span in spans if span["name"].startswith("Graph ")]
    assert len(ours) == len(world.tenant.journal.entries)
    assert {span["parent_id"] for span in ours} == {job["context"]["span_id"]}
    assert [span["attributes"]["http.response.status_code"] for span in ours if span["name"] == "Graph POST"] == [201]
    told = file.read_text("utf-8").lower().replace("%40", "@")
    named = {address for user in world.tenant.directory.users.values() for address in user.addresses if address in told}
    assert (named, TOKEN in told, ALL_LEADERS in told) == (set(), False, False)
