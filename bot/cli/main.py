"""The command line's front: global options, the list of commands, and errors turned into exit codes.

`--help` and `--version` answer at once: a command's module is imported only when the command runs.
"""

from __future__ import annotations

import gc
import importlib
import os
import shlex
import sys
from dataclasses import dataclass
from keyword import iskeyword
from typing import TYPE_CHECKING

import click

from bot.domain.errors import KursusbotError, PlanInvalid

if TYPE_CHECKING:
    from bot.domain.people import Language
    from config.settings import Settings

# name: (module, one line of help); the order is the order of work.
COMMANDS = {
    "init": ("plan_commands", "Write a commented starter plan (.yaml or .xlsx)."),
    "check": ("plan_commands", "Validate the plan offline and report every problem."),
    "dates": ("date_commands", "Find dates on which most people and a room are free."),
    "preview": ("sync_commands", "Show what a sync would change and whom it would mail."),
    "sync": ("sync_commands", "Make Outlook agree with the plan."),
    "approve": ("approval_commands", "Approve what waits for a person; the service carries it out."),
    "reject": ("approval_commands", "Reject what waits for a person."),
    "approvals": ("approval_commands", "List what waits for a person, and what was decided."),
    "overview": ("overview_command", "Show courses, money and decisions: text, JSON, workbook, page or PDF."),
    "responses": ("registration_commands", "Collect the answers into registrations."),
    "registrations": ("registration_commands", "Show or export who is coming."),
    "enrol": ("seat_commands", "Give somebody a seat."),
    "withdraw": ("seat_commands", "Take somebody off a course."),
    "move": ("seat_commands", "Move somebody to another offering."),
    "promote": ("seat_commands", "Give a free seat to somebody in line."),
    "handover": ("seat_commands", "Give somebody's seat to a colleague."),
    "import": ("import_command", "Enrol, move or withdraw the people of a list."),
    "seats": ("seat_commands", "Show the seat log of a course."),
    "reminders": ("reminder_commands", "Show which messages are coming, to whom, and why."),
    "send": ("reminder_commands", "Send the messages that are due."),
    "messages": ("message_commands", "Show what became of the messages, and how each of them reads."),
    "report": ("report_command", "Show what HR's report would say now, or send it."),
    "teams-app": ("teams_command", "Write the package of the Teams app for the activity feed."),
    "run": ("sync_commands", "One round of everything, as far as it is approved."),
    "serve": ("service_commands", "Run by itself: the jobs, people's pages and the calendar feed."),
    "worker": ("service_commands", "One more process for the jobs, on PostgreSQL."),
    "jobs": ("job_commands", "Show the jobs of the service with their last and next runs, or run one now."),
    "link": ("web_commands", "Print the link of a person's own page, or of the feed."),
    "doctor": ("doctor_command", "Check settings, database, sign-in, permissions and mailbox."),
    "probe": ("probe_command", "Try in a test mailbox what is assumed of Microsoft Graph."),
    "demo": ("demo_commands", "Run the sandbox demonstration from start to end."),
    "sandbox": ("demo_commands", "Serve the sandbox tenant on loopback."),
    "actions": ("actions", "Show who did what, and whose data they looked at."),
    "person": ("store_commands", "Show all that the database holds about a person (GDPR)."),
    "erase": ("store_commands", "Remove a person from the database (GDPR)."),
    "expire": ("expire_command", "Show which personal data is over, and let go of what waits for a person."),
    "plan": ("plan_group", "What the plan was before; plans that there is no file for any more."),
    "db": ("store_commands", "Look after the database."),
}


# Nearly all that a command imports and reads stays until it ends: to look for garbage after every 700 objects
# finds none.
OBJECTS_BETWEEN_LOOKS = 100_000


@dataclass(slots=True)
class Options:
    """The options before the command, and what they lead to once it is needed."""

    plan: str | None
    now: str | None
    lang: str | None
    language: Language | None = None
    by: str = ""
    """Who is at the terminal, once that was asked."""

    def settings(self, *, many: bool = False) -> Settings:
        """Read the settings, with the plan's own, and set logging up; raises InputError.

        With `many` all plans of the settings are meant, unless one was named on the command line.
        """
        from bot.logbook import configure_logging
        from config.plan_settings import of_one_plan
        from config.settings import load_settings

        settings = load_settings(now=self.now, plan=self.plan)
        configure_logging(settings.log)
        return settings if many and self.plan is None else of_one_plan(settings)

    @property
    def program(self) -> str:
        """The program as it was called, for a command line to copy."""
        return f"kursusbot --plan {shlex.quote(self.plan)}" if self.plan else "kursusbot"

    def speak(self, plan_language: Language | None = None) -> Language:
        """The language to write in: `--lang`, else the plan's, else Danish."""
        from bot.domain.people import Language

        self.language = Language(self.lang) if self.lang else plan_language or self.language or Language.DA
        return self.language


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it runs."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """In the order of work."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module that holds the command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"bot.cli.{COMMANDS[cmd_name][0]}")
        if not gc.isenabled():
            # What was imported stays (`program`), and is not looked through either.
            gc.freeze()
            gc.enable()
        command = getattr(module, f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)  # noqa: S101 - the table and the modules belong together
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_line) for name, (_, help_line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: kursusbot --plan plan.yaml preview",
)
@click.option(
    "--plan",
    metavar="PLAN",
    help="The course plan: a path or a SharePoint sharing link. [env: KURSUSBOT_PLAN]",
)
@click.option(
    "--now",
    metavar="TIME",
    help="A fixed clock (RFC 3339), against a Graph on loopback only. [env: KURSUSBOT_NOW]",
)
@click.option(
    "--lang", type=click.Choice(["da", "en"]), help="Language of what is printed (default: the plan's)."
)
@click.version_option(package_name="kursusbot", prog_name="kursusbot", message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, plan: str | None, now: str | None, lang: str | None) -> None:
    """Put a course plan into Outlook, and keep it there: invitations, answers, reminders."""
    ctx.obj = Options(plan=plan, now=now, lang=lang)


def program() -> None:
    """The entry point of a process of its own; ends as `main` does.

    What is imported stays, and what is there at the end goes with the process: to look through it for
    garbage is a twentieth of a short command before, and a tenth after. Pydantic would look through every
    installed package for plugins, of which there are none.
    """
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    gc.disable()
    try:
        main()
    finally:
        gc.freeze()


def main() -> None:
    """Run the command line; never a traceback for what a user can cause. Raises SystemExit."""
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS)
    ctx: click.Context | None = None
    try:
        with cli.make_context("kursusbot", sys.argv[1:]) as ctx:
            code = cli.invoke(ctx)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("", err=True)
        sys.exit(130)
    except KursusbotError as error:
        _tell(error, ctx.obj if ctx and ctx.obj else Options(plan=None, now=None, lang=None))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _tell(error: KursusbotError, options: Options) -> None:
    from bot.i18n.catalogue import error_text

    language = options.speak()
    if isinstance(error, PlanInvalid):
        from bot.plan import problems_report

        click.echo(problems_report(error.problems, language), err=True)
    click.echo(error_text(language, error), err=True)


if __name__ == "__main__":
    program()
