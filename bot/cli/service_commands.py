"""`serve` and `worker`: the processes that run until they are told to stop."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

import click

from bot.cli.main import Options
from bot.domain.errors import InputError
from bot.i18n.catalogue import text

if TYPE_CHECKING:
    from bot.domain.people import Language
    from jobs.service import Service


PYTHONS_OWN = (700, 10, 10)
"""Objects until the youngest are looked at, and how many such looks until the older ones are."""


@click.command(epilog="Example: kursusbot --plan plan.yaml serve")
@click.pass_obj
def serve(options: Options) -> int:
    """Run by itself until Ctrl-C.

    The jobs when they are due, people's own pages, the calendar feed and the health pages.

    Without KURSUSBOT_WEB__BASE_URL and KURSUSBOT_WEB__SECRET_KEY people are shown nothing; the jobs and the
    health pages run.
    """
    from jobs.service import serve as run_service

    settings = options.settings(many=True)
    pages = settings.web.base_url if settings.web.secret_key is not None else None

    def told(service: Service, address: str) -> None:
        _settle_down()
        language = _language(options, service)
        line = (
            text(language, "cli.serving", address=pages)
            if pages
            else text(language, "cli.serving_jobs", address=address)
        )
        click.echo(line, err=True)

    asyncio.run(run_service(settings, started=told))
    return 0


@click.command(epilog="Example: KURSUSBOT_DATABASE_URL=postgresql://… kursusbot worker")
@click.pass_obj
def worker(options: Options) -> int:
    """Work on the jobs that a `serve` process puts into the PostgreSQL database, until Ctrl-C.

    As many processes as you like.
    """
    from jobs.service import work

    settings = options.settings(many=True)

    def told(service: Service) -> None:
        _settle_down()
        click.echo(
            text(_language(options, service), "cli.working", plans=len(service.plans.shelves)), err=True
        )

    try:
        asyncio.run(work(settings, started=told))
    except InputError as error:
        if error.code != "port_taken":
            raise
        params = {
            "host": settings.web.host,
            "port": settings.worker.metrics_port,
            "detail": error.params["detail"],
        }
        raise InputError("metrics_port_taken", **params) from None
    return 0


def _settle_down() -> None:
    """What is there by now stays; from here on garbage is looked for as often as Python thinks best."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*PYTHONS_OWN)


def _language(options: Options, service: Service) -> Language:
    """One plan's language; many speak as the program does."""
    plans = [shelf.plan for shelf in service.plans.shelves.values() if shelf.plan is not None]
    return options.speak(plans[0].language if len(plans) == 1 else None)
