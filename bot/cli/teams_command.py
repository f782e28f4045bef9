"""`teams-app`: writes the package of the Teams app that people's activity feeds need."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import click

from bot.cli.main import Options
from bot.domain.errors import InputError
from bot.i18n.catalogue import text


@click.command(
    "teams-app",
    epilog="Example: kursusbot --plan plan.yaml teams-app kurser.zip --website https://www.kommune.example",
)
@click.argument("file")
@click.option(
    "--website",
    metavar="URL",
    help="The organisation's page, for the app's links (default: KURSUSBOT_WEB__BASE_URL).",
)
@click.pass_obj
def teams_app(options: Options, file: str, website: str | None) -> int:
    """Write the Teams app's package to FILE, for an administrator to upload."""
    from bot.cli.app_manifest import AppFacts, BotInApp, TabInApp
    from bot.cli.app_package import package_digest, teams_package
    from bot.cli.files import replace_file
    from bot.opening.clock import clock_of
    from bot.opening.plan_source import load_plan
    from bot.opening.stores import open_stores

    settings = options.settings()
    plan = asyncio.run(load_plan(settings))
    language = options.speak(plan.language)
    if settings.teams.app_id is None:
        raise InputError("teams_app_id_missing")
    if settings.graph.client_id is None:
        raise InputError("teams_client_id_missing")
    website = website or settings.web.base_url or ""
    if not website.startswith("https://"):
        raise InputError("teams_website_missing")
    host = urlsplit(settings.web.base_url or "").netloc
    app = AppFacts(
        app_id=settings.teams.app_id,
        client_id=settings.graph.client_id,
        organisation=plan.organisation,
        website=website,
        language=plan.language,
        bot=BotInApp(app_id=settings.bot.app_id, host=host) if settings.bot.app_id else None,
        tab=TabInApp(client_id=settings.signin.client_id, host=host)
        if settings.teams.tab and settings.signin.client_id
        else None,
    )
    with open_stores(settings) as stores:
        today = clock_of(settings).now().date()
        version = stores.packages.version_of(app.app_id, package_digest(app), today=today)
    replace_file(file, teams_package(app, version=version))
    click.echo(text(language, "cli.teams_app_written", file=file, version=version))
    if not app.brings_right:
        click.echo(text(language, "cli.teams_app_two_registrations"))
    return 0
