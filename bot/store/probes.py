"""What probes of test mailboxes found of Microsoft Graph. Implements `bot.ports.probes.ProbeBook`."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.domain.probing import ASSUMPTIONS, Finding, Probe
from bot.store.tenant_tables import probe_findings
from bot.store.upsert import insert_or_replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.store.database import Database

FINDINGS = select(probe_findings)
"""Made once: each round asks several times."""


class SqlProbeBook:
    """The findings in a database: one for each assumption, the latest that said something."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, probe: Probe) -> None:
        """Keep what could be told, in one transaction; what could not leaves an earlier finding as it is."""
        rows = [
            {
                "assumption": one.assumption,
                "reading": one.reading,
                "evidence": dict(one.evidence),
                "mailbox": probe.mailbox,
                "found_at": probe.at,
            }
            for one in probe.findings
            if one.holds is not None
        ]
        if rows:
            with self._database.write() as connection:
                insert_or_replace(connection, probe_findings, rows)

    def load_readings(self) -> Mapping[str, Finding]:
        """Assumption to the latest finding; one that this version does not know is left out."""
        with self._database.read() as connection:
            rows = connection.execute(FINDINGS).mappings().all()
        return {
            row["assumption"]: Finding(
                assumption=row["assumption"],
                reading=row["reading"],
                evidence=MappingProxyType(dict(row["evidence"])),
            )
            for row in rows
            if row["reading"] in ASSUMPTIONS.get(row["assumption"], ())
        }
