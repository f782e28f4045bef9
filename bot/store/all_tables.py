"""All tables, for who goes through them: a rule for every table must not depend on which ones are imported.

Who asks one table imports that one's module alone; a command has no use for most of them.
"""

from __future__ import annotations

import bot.store.approval_tables
import bot.store.attendance_table
import bot.store.broadcast_table
import bot.store.certificate_table
import bot.store.conversation_tables
import bot.store.desk_plan_tables
import bot.store.desk_tables
import bot.store.evaluation_tables
import bot.store.manager_tables
import bot.store.question_table
import bot.store.reminder_table
import bot.store.revision_table
import bot.store.task_answer_table
import bot.store.tenant_tables
import bot.store.webhook_tables  # noqa: F401 - their tables belong to the metadata
from bot.store.schema import metadata

__all__ = ["metadata"]
