"""Every key of the plan format, record by record.

The list that both sources, the reader and the writers share.

A key that is not here is an error. Later capabilities add keys here first.
"""

from __future__ import annotations

PLAN_KEYS = (
    "version", "id", "was", "organisation", "timezone", "language", "organiser", "contact", "holidays",
    "closing_days",
    "school_holidays", "sending", "managers",
    "audiences", "delegates", "funding", "assumptions", "reminders", "texts", "courses",
)  # fmt: skip
SENDING_KEYS = ("from", "to", "weekends", "digest", "max_per_week")
AUDIENCE_KEYS = ("name", "groups", "people", "exclude")
PERSON_KEYS = ("email", "name", "language")
DELEGATE_KEYS = ("for", "by", "copies")
POOL_KEYS = ("name", "year", "amount", "currency", "reserved", "expenses")
EXPENSE_KEYS = ("title", "amount", "purpose", "status", "note", "when")
FUNDING_KEYS = ("pool", "amount", "purpose", "spent", "when")
ASSUMPTION_KEYS = ("question", "options", "value", "decided_by", "decided_on", "case", "note")
REMINDER_KEYS = (
    "id", "before", "after", "days", "working_days", "weeks", "hours", "minutes", "at", "to", "channels",
    "template", "expires", "urgent",
)  # fmt: skip
TEXT_KEYS = ("message", "language", "opening", "closing")
COURSE_KEYS = (
    "id", "was", "title", "theme", "description", "status", "responsible", "audience", "optional_audience",
    "speakers", "enrolment",
    "funding", "venue", "online", "teams_channel", "materials", "questions", "evaluation", "attendance",
    "certificate", "after", "approval",
    "hide_attendees",
    "cancel_reason", "reminders", "texts",
    "tags", "case", "note", "when", "offerings", "sessions",
)  # fmt: skip
SPEAKER_KEYS = ("name", "email")
VENUE_KEYS = ("name", "address", "room")
MATERIAL_KEYS = ("title", "url")
ATTENDANCE_KEYS = ("self_check_in", "threshold_minutes")
APPROVAL_KEYS = ("by", "deputy", "working_days", "overdue")
QUESTION_KEYS = ("id", "text", "kind", "options", "required", "seen_by", "keep_days")
AFTER_KEYS = ("id", "was", "text", "material", "due", "to", "question", "closes", "names")
EVALUATION_KEYS = ("form", "questions", "opens", "closes")
EVALUATION_QUESTION_KEYS = ("id", "text", "kind", "options")
ENROLMENT_KEYS = (
    "mode", "via", "opens", "deadline", "capacity", "waiting_list", "waiting_list_until", "unanswered",
    "minimum", "late", "handover",
)  # fmt: skip
OFFERING_KEYS = ("id", "was", "title", "capacity", "venue", "online", "when", "sessions")
SESSION_KEYS = (
    "id", "was", "title", "start", "end", "period", "audience", "optional_audience", "venue", "online",
    "description", "when",
)  # fmt: skip

FORMAT_VERSION = 1
