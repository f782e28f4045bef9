"""The shape of the house: no circle of files, no name that means two things, no function with too many ways through it."""

from __future__ import annotations

import ast
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter

from tests.architecture.sources import PACKAGES, module_name, python_files, syntax_tree

MODULES = {module_name(path): path for path in python_files(*PACKAGES)}
OTHER_MACHINES = ("bot.sandbox", "bot.demo")
"""They play somebody else, and have words of their own."""
MOST_WAYS = 15
STILL_MORE = {
    "bot.answers.fold._fold_person",
    "bot.answers.fold.fold_claims",
    "bot.approvals.telling.approvals_text",
    "bot.approvals.weighing._reasons",
    "bot.approvals.weighing.people_of",
    "bot.cli.doctor.command._check_graph",
    "bot.cli.doctor.teams.teams_findings",
    "bot.cli.registration_commands.registrations",
    "bot.cli.web_commands.link",
    "bot.delivery.bounces.came_back",
    "bot.delivery.bounces.on_their_way",
    "bot.demo.mails.foretold_mails",
    "bot.desks.hr._offering",
    "bot.desks.hr.meet",
    "bot.desks.person._course",
    "bot.desks.person._offering",
    "bot.desks.person.page",
    "bot.domain.busy_weeks.find_busy_weeks",
    "bot.domain.reports.is_worth_sending",
    "bot.graph.calendar.replace_attendees",
    "bot.graph.directory._member",
    "bot.graph.errors.refused",
    "bot.graph.joinblock._find",
    "bot.hr_report.enrolment.new_answers",
    "bot.hr_report.remarks.speaker_troubles",
    "bot.hr_report.troubles.pending_changes",
    "bot.hr_report.troubles.room_troubles",
    "bot.invitations.changeset.facts_of",
    "bot.invitations.clashes._stays",
    "bot.invitations.clashes.clashes_of",
    "bot.invitations.diff._compare_fields",
    "bot.invitations.diff._standing",
    "bot.invitations.diff._update",
    "bot.invitations.diff_people.compare_people",
    "bot.invitations.ledger_entries.update_intended",
    "bot.invitations.lookalikes.changed_ids",
    "bot.invitations.preview.as_json",
    "bot.invitations.preview.outline",
    "bot.messages.card._advice",
    "bot.messages.card.render_notification",
    "bot.messages.invitation.answer_points",
    "bot.messages.notice.render_notice",
    "bot.messages.reminder._told",
    "bot.messages.report._enrolment",
    "bot.overview.compose.overview_of",
    "bot.overview.cost_paper._notes",
    "bot.plan.overlaps._stays",
    "bot.plan.read_course.read_course",
    "bot.plan.read_enrolment._note_contradictions",
    "bot.plan.read_root.read_root",
    "bot.plan.workbook_scan._leave_cell",
    "bot.plan.workbook_source._offerings",
    "bot.registrations.export._offering_lines",
    "bot.registrations.listing.offering_lists",
    "bot.registrations.participants._list_of",
    "bot.registrations.participants.silent_list",
    "bot.registrations.standing_rows._row",
    "bot.registrations.standing_rows.registration_rows",
    "bot.reminders.bundles.bundle",
    "bot.reminders.recipients.room_of",
    "bot.rounds.free_dates._fixed_rooms",
    "bot.rounds.free_dates._sessions",
    "bot.rounds.free_dates.find_dates",
    "bot.rounds.reminders._still_true",
    "bot.rounds.steps.apply_changes.apply_changes",
    "bot.rounds.steps.attendee_lists.change_list",
    "bot.rounds.steps.carry_out.exit_code",
    "bot.rounds.steps.read_world._fetch_events",
    "bot.rounds.steps.read_world.fetch_groups",
    "bot.rounds.subscriptions.renew_subscriptions",
    "bot.sandbox.batch._items",
    "bot.sandbox.calendars.change",
    "bot.sandbox.feed_endpoints._read",
    "bot.sandbox.message_endpoints.write_message",
    "bot.sandbox.subscriptions.read",
    "bot.seats.asked_messages._said",
    "bot.seats.asked_messages.news_for_those_asked",
    "bot.seats.import_list._read_headings",
    "bot.seats.import_list.read_requests",
    "bot.seats.import_list.request",
    "bot.seats.seat_messages.announcements",
    "bot.seats.seat_messages.seat_messages",
    "bot.seats.seat_table.write",
    "bot.seats.settle._after_deadline",
    "bot.seats.settle._consider",
    "bot.seats.settle._follow_audience",
    "bot.seats.settle._news",
    "bot.seats.settle.settle",
    "bot.store.expiry.expire",
    "bot.store.people.merge_people",
    "config.plan_settings.plan_sources",
    "config.settings._consistent",
    "jobs.clock._put_owed",
    "jobs.pages.__getitem__",
    "jobs.readiness._plan",
    "jobs.readiness._put_together",
}
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert, ast.match_case)


def named_modules(module: str) -> set[str]:
    """What a module imports of ours: when it runs, when a function of it runs, or only for its types."""
    found: set[str] = set()
    for node in ast.walk(syntax_tree(MODULES[module])):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= submodules & MODULES.keys() or {node.module}
    return (found & MODULES.keys()) - {module}


def test_no_files_import_each_other_in_a_circle():
    """Neither lazily nor for a type: what two files need of each other stands in a third."""
    try:
        TopologicalSorter({module: named_modules(module) for module in MODULES}).prepare()
    except CycleError as error:
        raise AssertionError(" → ".join(error.args[1])) from None


def test_no_class_name_means_two_things():
    """One word for one idea, and one idea for one word."""
    homes = defaultdict(set)
    for module, path in MODULES.items():
        if not module.startswith((*OTHER_MACHINES, "config")):
            for node in ast.walk(syntax_tree(path)):
                if isinstance(node, ast.ClassDef):
                    homes[node.name].add(module)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_no_function_has_more_ways_through_it_than_one_can_think_of():
    """Cyclomatic complexity, with what `and`, `or` and comprehensions decide counted as well."""
    found = {
        f"{module}.{node.name}"
        for module, path in MODULES.items()
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and ways_through(node) > MOST_WAYS
    }
    assert found <= STILL_MORE


def ways_through(function):
    """One, and one more for each branch; functions within it are counted by themselves."""
    ways, nodes = 1, list(ast.iter_child_nodes(function))
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, BRANCHES):
            ways += 1
        elif isinstance(node, ast.comprehension):
            ways += 1 + len(node.ifs)
        elif isinstance(node, ast.BoolOp):
            ways += len(node.values) - 1
        nodes += ast.iter_child_nodes(node)
    return ways
