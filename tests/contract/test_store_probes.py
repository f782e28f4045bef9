"""What probes found, on every database: the latest that said something."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.probing import Probe, found, unknown
from bot.store.probes import SqlProbeBook

NOW = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)


def test_what_could_not_be_told_leaves_an_earlier_finding_as_it_is(database):
    book = SqlProbeBook(database)
    first = (found("old_etag", "taken", status=200), found("zone_names", "windows_only"))
    book.save(Probe(mailbox="proeve@by.example", at=NOW, findings=first))
    book.save(
        Probe(mailbox="proeve@by.example", at=NOW, findings=(unknown("old_etag", "refused"), found("zone_names", "iana_and_windows")))
    )
    readings = {name: (one.reading, dict(one.evidence)) for name, one in book.load_readings().items()}
    assert readings == {"old_etag": ("taken", {"status": 200}), "zone_names": ("iana_and_windows", {})}


def test_a_probe_that_found_nothing_writes_nothing(database):
    book = SqlProbeBook(database)
    book.save(Probe(mailbox="proeve@by.example", at=NOW, findings=(unknown("old_etag", "not_said"),)))
    assert book.load_readings() == {}
