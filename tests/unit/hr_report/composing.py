"""Counts and courses that a report is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.builders.report_facts import PLAN, SINCE, THEIRS

NEW, OLD = SINCE + timedelta(hours=1), SINCE - timedelta(hours=1)


def with_course(made):
    return replace(PLAN, courses=(made, THEIRS))


def counts(told):
    return [(one.yes, one.maybe, one.no, one.declined) for one in told.answers]
