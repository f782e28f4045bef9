CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE ledger (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	session VARCHAR NOT NULL,
	part INTEGER NOT NULL,
	state VARCHAR NOT NULL,
	transaction_id VARCHAR NOT NULL,
	event_id VARCHAR,
	subject VARCHAR NOT NULL,
	starts_at DATETIME NOT NULL,
	ends_at DATETIME NOT NULL,
	desired_fields JSON NOT NULL,
	observed_fields JSON NOT NULL,
	desired_attendees JSON NOT NULL,
	invited_since JSON NOT NULL,
	join_url VARCHAR, edit JSON, rooms_declined JSON, moved_at DATETIME, organiser VARCHAR, listed_at DATETIME,
	CONSTRAINT pk_ledger PRIMARY KEY ("plan", course, offering, session, part)
);

CREATE TABLE group_counts (
	"plan" VARCHAR NOT NULL,
	group_name VARCHAR NOT NULL,
	members INTEGER NOT NULL,
	read_at DATETIME NOT NULL,
	CONSTRAINT pk_group_counts PRIMARY KEY ("plan", group_name)
);

CREATE TABLE group_ids (
	"plan" VARCHAR NOT NULL,
	group_name VARCHAR NOT NULL,
	object_id VARCHAR NOT NULL,
	found_at DATETIME NOT NULL,
	CONSTRAINT pk_group_ids PRIMARY KEY ("plan", group_name)
);

CREATE TABLE people (
	"plan" VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	language VARCHAR,
	directory_id VARCHAR,
	aliases JSON NOT NULL,
	department VARCHAR NOT NULL,
	seen_at DATETIME NOT NULL,
	CONSTRAINT pk_people PRIMARY KEY ("plan", email)
);

CREATE TABLE answers (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	session VARCHAR NOT NULL,
	part INTEGER NOT NULL,
	email VARCHAR NOT NULL,
	response VARCHAR NOT NULL,
	responded_at DATETIME NOT NULL,
	name VARCHAR NOT NULL,
	seen_at DATETIME NOT NULL,
	source VARCHAR NOT NULL,
	known BOOLEAN NOT NULL, timed BOOLEAN DEFAULT 1 NOT NULL,
	CONSTRAINT pk_answers PRIMARY KEY ("plan", course, offering, session, part, email, response, responded_at)
);

CREATE TABLE delta_links (
	"plan" VARCHAR NOT NULL,
	organiser VARCHAR NOT NULL,
	link VARCHAR NOT NULL,
	window_start DATETIME NOT NULL,
	window_end DATETIME NOT NULL,
	CONSTRAINT pk_delta_links PRIMARY KEY ("plan", organiser)
);

CREATE TABLE registrations (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	status VARCHAR NOT NULL,
	since DATETIME NOT NULL,
	source VARCHAR NOT NULL,
	position INTEGER,
	department VARCHAR NOT NULL,
	invited BOOLEAN NOT NULL,
	answers JSON NOT NULL, late BOOLEAN DEFAULT 0 NOT NULL, cause VARCHAR DEFAULT '' NOT NULL, said VARCHAR, said_at DATETIME, unconfirmed BOOLEAN DEFAULT 0 NOT NULL, reopened BOOLEAN DEFAULT 0 NOT NULL, answered_by VARCHAR DEFAULT '' NOT NULL,
	CONSTRAINT pk_registrations PRIMARY KEY ("plan", course, offering, email)
);

CREATE TABLE seat_log (
	"plan" VARCHAR NOT NULL,
	seq INTEGER NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	"before" VARCHAR,
	status VARCHAR,
	since DATETIME NOT NULL,
	noted_at DATETIME NOT NULL,
	cause VARCHAR NOT NULL,
	source VARCHAR NOT NULL,
	answered_at DATETIME,
	late BOOLEAN NOT NULL,
	"by" VARCHAR NOT NULL,
	reason VARCHAR NOT NULL, said VARCHAR, said_at DATETIME, had_seat BOOLEAN DEFAULT 0 NOT NULL, reason_open BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_seat_log PRIMARY KEY ("plan", seq)
);

CREATE INDEX ix_seat_log_plan_course_offering_email_seq ON seat_log ("plan", course, offering, email, seq);

CREATE TABLE messages (
	"plan" VARCHAR NOT NULL,
	"key" VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	created_at DATETIME NOT NULL,
	expires_at DATETIME,
	params JSON NOT NULL,
	state VARCHAR NOT NULL,
	draft_id VARCHAR,
	sent_at DATETIME,
	error VARCHAR NOT NULL, together VARCHAR DEFAULT '' NOT NULL, ended_at DATETIME, sent_as VARCHAR DEFAULT '' NOT NULL,
	CONSTRAINT pk_messages PRIMARY KEY ("plan", "key")
);

CREATE TABLE audience_members (
	"plan" VARCHAR NOT NULL,
	audience VARCHAR NOT NULL,
	members JSON NOT NULL,
	read_at DATETIME NOT NULL,
	CONSTRAINT pk_audience_members PRIMARY KEY ("plan", audience)
);

CREATE TABLE notes (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	text VARCHAR NOT NULL,
	written_at DATETIME NOT NULL,
	CONSTRAINT pk_notes PRIMARY KEY ("plan", course, email)
);

CREATE TABLE posted (
	number INTEGER NOT NULL,
	mailbox VARCHAR NOT NULL,
	sent_at DATETIME NOT NULL,
	recipients INTEGER NOT NULL,
	CONSTRAINT pk_posted PRIMARY KEY (number)
);

CREATE INDEX ix_posted_mailbox_sent_at ON posted (mailbox, sent_at);

CREATE TABLE job_runs (
	"plan" VARCHAR NOT NULL,
	job VARCHAR NOT NULL,
	run_id VARCHAR NOT NULL,
	started_at DATETIME NOT NULL,
	finished_at DATETIME NOT NULL,
	outcome VARCHAR NOT NULL,
	exit_code INTEGER NOT NULL,
	error VARCHAR NOT NULL,
	detail VARCHAR NOT NULL,
	CONSTRAINT pk_job_runs PRIMARY KEY ("plan", job, run_id)
);

CREATE INDEX ix_job_runs_plan_job_started_at ON job_runs ("plan", job, started_at);

CREATE TABLE bounces (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	session VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	reason VARCHAR NOT NULL,
	received_at DATETIME NOT NULL, noted_at DATETIME,
	CONSTRAINT pk_bounces PRIMARY KEY ("plan", course, offering, session, email)
);

CREATE TABLE subscriptions (
	"plan" VARCHAR NOT NULL,
	resource VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	address VARCHAR NOT NULL,
	path VARCHAR NOT NULL,
	expires_at DATETIME NOT NULL,
	renew_at DATETIME NOT NULL,
	client_state VARCHAR NOT NULL,
	created_at DATETIME NOT NULL,
	CONSTRAINT pk_subscriptions PRIMARY KEY ("plan", resource)
);

CREATE TABLE hints (
	"plan" VARCHAR NOT NULL,
	resource VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	whole BOOLEAN NOT NULL,
	CONSTRAINT pk_hints PRIMARY KEY ("plan", resource)
);

CREATE TABLE unplaced_returns (
	"plan" VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	reason VARCHAR NOT NULL,
	received_at DATETIME NOT NULL,
	noted_at DATETIME NOT NULL,
	CONSTRAINT pk_unplaced_returns PRIMARY KEY ("plan", email)
);

CREATE TABLE person_links (
	"plan" VARCHAR NOT NULL,
	person VARCHAR NOT NULL,
	generation INTEGER NOT NULL,
	renewed_at DATETIME NOT NULL,
	CONSTRAINT pk_person_links PRIMARY KEY ("plan", person)
);

CREATE TABLE course_versions (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	document JSON NOT NULL,
	accepted_at DATETIME NOT NULL,
	CONSTRAINT pk_course_versions PRIMARY KEY ("plan", course)
);

CREATE TABLE accepted_plans (
	"plan" VARCHAR NOT NULL,
	organiser VARCHAR NOT NULL,
	timezone VARCHAR NOT NULL,
	shape JSON NOT NULL,
	revision VARCHAR NOT NULL,
	CONSTRAINT pk_accepted_plans PRIMARY KEY ("plan")
);

CREATE TABLE waiting (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	checksum VARCHAR NOT NULL,
	whole VARCHAR NOT NULL,
	revision VARCHAR NOT NULL,
	mails INTEGER NOT NULL,
	people INTEGER NOT NULL,
	reasons JSON NOT NULL,
	since DATETIME NOT NULL, clashes JSON, told JSON, letters JSON, found JSON, ids JSON,
	CONSTRAINT pk_waiting PRIMARY KEY ("plan", course)
);

CREATE TABLE decisions (
	number INTEGER NOT NULL,
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	checksum VARCHAR NOT NULL,
	revision VARCHAR NOT NULL,
	approved BOOLEAN NOT NULL,
	mails INTEGER NOT NULL,
	people INTEGER NOT NULL,
	reasons JSON NOT NULL,
	since DATETIME NOT NULL,
	"by" VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	door VARCHAR NOT NULL,
	comment VARCHAR NOT NULL,
	done_at DATETIME,
	CONSTRAINT pk_decisions PRIMARY KEY (number)
);

CREATE INDEX ix_decisions_plan_course ON decisions ("plan", course);

CREATE TABLE answer_comments (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	session VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	response VARCHAR NOT NULL,
	text VARCHAR NOT NULL,
	written_at DATETIME NOT NULL,
	seen_at DATETIME NOT NULL,
	CONSTRAINT pk_answer_comments PRIMARY KEY ("plan", course, offering, session, email)
);

CREATE TABLE comment_looks (
	"plan" VARCHAR NOT NULL,
	looked_at DATETIME NOT NULL,
	CONSTRAINT pk_comment_looks PRIMARY KEY ("plan")
);

CREATE TABLE actions (
	id VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	"by" VARCHAR NOT NULL,
	command VARCHAR NOT NULL,
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	subject VARCHAR NOT NULL,
	door VARCHAR NOT NULL, detail VARCHAR DEFAULT '' NOT NULL,
	CONSTRAINT pk_actions PRIMARY KEY (id)
);

CREATE INDEX ix_actions_at ON actions (at);

CREATE TABLE noted_decisions (
	number INTEGER NOT NULL,
	"plan" VARCHAR NOT NULL,
	assumption VARCHAR NOT NULL,
	value JSON,
	decided_by VARCHAR NOT NULL,
	decided_on VARCHAR NOT NULL,
	case_number VARCHAR NOT NULL,
	noted_at DATETIME NOT NULL, at_desk BOOLEAN DEFAULT 0 NOT NULL,
	CONSTRAINT pk_noted_decisions PRIMARY KEY (number)
);

CREATE TABLE probe_findings (
	assumption VARCHAR NOT NULL,
	reading VARCHAR NOT NULL,
	evidence JSON NOT NULL,
	mailbox VARCHAR NOT NULL,
	found_at DATETIME NOT NULL,
	CONSTRAINT pk_probe_findings PRIMARY KEY (assumption)
);

CREATE TABLE actions_over (
	id VARCHAR NOT NULL,
	until DATETIME NOT NULL,
	lines INTEGER NOT NULL,
	CONSTRAINT pk_actions_over PRIMARY KEY (id)
);

CREATE TRIGGER actions_no_update BEFORE UPDATE ON actions WHEN NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.command <> OLD.command OR NEW.plan <> OLD.plan
    OR NEW.course <> OLD.course OR NEW.door <> OLD.door
    OR (NEW."by" <> OLD."by" AND NEW."by" <> '' AND NEW."by" NOT LIKE 'erased-%')
    OR (NEW.subject <> OLD.subject AND NEW.subject NOT LIKE 'erased-%')
    OR (NEW.detail <> OLD.detail AND NEW.detail <> '') BEGIN SELECT RAISE(ABORT, 'who did what is only added to'); END;

CREATE TRIGGER actions_no_delete BEFORE DELETE ON actions WHEN NOT EXISTS (SELECT 1 FROM actions_over WHERE actions_over.until > OLD.at) BEGIN SELECT RAISE(ABORT, 'who did what is only added to'); END;

CREATE TRIGGER actions_no_insert BEFORE INSERT ON actions WHEN EXISTS (SELECT 1 FROM actions WHERE actions.id = NEW.id) BEGIN SELECT RAISE(ABORT, 'who did what is only added to'); END;

CREATE TRIGGER actions_over_no_update BEFORE UPDATE ON actions_over WHEN 1 BEGIN SELECT RAISE(ABORT, 'who did what is only added to'); END;

CREATE TRIGGER actions_over_no_delete BEFORE DELETE ON actions_over WHEN 1 BEGIN SELECT RAISE(ABORT, 'who did what is only added to'); END;

CREATE TRIGGER actions_over_no_insert BEFORE INSERT ON actions_over WHEN EXISTS (SELECT 1 FROM actions_over WHERE actions_over.id = NEW.id) BEGIN SELECT RAISE(ABORT, 'who did what is only added to'); END;

CREATE TABLE old_names (
	"plan" VARCHAR NOT NULL,
	level VARCHAR NOT NULL,
	old VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	CONSTRAINT pk_old_names PRIMARY KEY ("plan", level, old)
);

CREATE TABLE mailbox_ids (
	"plan" VARCHAR NOT NULL,
	address VARCHAR NOT NULL,
	object_id VARCHAR NOT NULL,
	found_at DATETIME NOT NULL,
	CONSTRAINT pk_mailbox_ids PRIMARY KEY ("plan", address)
);

CREATE TABLE erasure_marks (
	"plan" VARCHAR NOT NULL,
	believed_at DATETIME,
	waits VARCHAR NOT NULL,
	since DATETIME,
	CONSTRAINT pk_erasure_marks PRIMARY KEY ("plan")
);

CREATE TABLE sign_ins (
	"key" VARCHAR NOT NULL,
	subject VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	roles JSON NOT NULL,
	proved_at DATETIME,
	vouches BOOLEAN NOT NULL,
	begun_at DATETIME NOT NULL,
	seen_at DATETIME NOT NULL, group_ids JSON,
	CONSTRAINT pk_sign_ins PRIMARY KEY ("key")
);

CREATE INDEX ix_sign_ins_subject ON sign_ins (subject);

CREATE TABLE broadcasts (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	session VARCHAR NOT NULL,
	id VARCHAR NOT NULL,
	audience VARCHAR NOT NULL,
	words VARCHAR NOT NULL,
	"by" VARCHAR NOT NULL,
	written_at DATETIME NOT NULL,
	sent_at DATETIME,
	sent_by VARCHAR NOT NULL,
	goes_from DATETIME,
	expires_at DATETIME,
	people INTEGER NOT NULL,
	stopped_at DATETIME,
	stopped_by VARCHAR NOT NULL,
	CONSTRAINT pk_broadcasts PRIMARY KEY ("plan", course, offering, session, id)
);

CREATE TABLE webhook_news (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	what VARCHAR NOT NULL,
	again INTEGER NOT NULL,
	CONSTRAINT pk_webhook_news PRIMARY KEY ("plan", course, what)
);

CREATE TABLE webhook_calls (
	number INTEGER NOT NULL,
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	event VARCHAR NOT NULL,
	target VARCHAR NOT NULL,
	body JSON NOT NULL,
	tries INTEGER NOT NULL,
	made_at DATETIME NOT NULL,
	next_at DATETIME NOT NULL,
	ended_at DATETIME,
	CONSTRAINT pk_webhook_calls PRIMARY KEY (number)
);

CREATE INDEX ix_webhook_calls_plan_target ON webhook_calls ("plan", target);

CREATE TABLE waiting_mail (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	since DATETIME NOT NULL,
	digest VARCHAR NOT NULL,
	mailed JSON NOT NULL,
	letters JSON NOT NULL,
	CONSTRAINT pk_waiting_mail PRIMARY KEY ("plan", course)
);

CREATE TABLE noted_ids (
	number INTEGER NOT NULL,
	"plan" VARCHAR NOT NULL,
	level VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	old VARCHAR NOT NULL,
	new VARCHAR NOT NULL,
	word VARCHAR NOT NULL,
	noted_at DATETIME NOT NULL,
	CONSTRAINT pk_noted_ids PRIMARY KEY (number)
);

CREATE TABLE read_remarks (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	read_at DATETIME NOT NULL,
	CONSTRAINT pk_read_remarks PRIMARY KEY ("plan", course, email)
);

CREATE INDEX ix_answers_email ON answers (email);

CREATE INDEX ix_registrations_email ON registrations (email);

CREATE INDEX ix_seat_log_email ON seat_log (email);

CREATE INDEX ix_registrations_outsiders ON registrations ("plan") WHERE invited = 0;

CREATE TABLE plan_revisions (
	"plan" VARCHAR NOT NULL,
	seq INTEGER NOT NULL,
	at DATETIME NOT NULL,
	source VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	"by" VARCHAR NOT NULL,
	digest VARCHAR NOT NULL,
	stamp VARCHAR NOT NULL,
	document BLOB NOT NULL,
	CONSTRAINT pk_plan_revisions PRIMARY KEY ("plan", seq)
);

CREATE TABLE api_answers (
	"key" VARCHAR NOT NULL,
	asked VARCHAR NOT NULL,
	begun_at DATETIME NOT NULL,
	made_at DATETIME NOT NULL,
	until DATETIME NOT NULL,
	status INTEGER NOT NULL,
	answer VARCHAR,
	CONSTRAINT pk_api_answers PRIMARY KEY ("key")
);

CREATE TABLE examinations (
	"plan" VARCHAR NOT NULL,
	at DATETIME,
	until DATETIME,
	findings VARCHAR NOT NULL,
	error VARCHAR NOT NULL,
	CONSTRAINT pk_examinations PRIMARY KEY ("plan")
);

CREATE TABLE reminder_words (
	number INTEGER NOT NULL,
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	session VARCHAR NOT NULL,
	rule VARCHAR NOT NULL,
	about VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	"by" VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	reason VARCHAR NOT NULL,
	goes_from DATETIME,
	CONSTRAINT pk_reminder_words PRIMARY KEY (number)
);

CREATE INDEX ix_reminder_words_plan_course ON reminder_words ("plan", course);

CREATE TABLE plan_files (
	source VARCHAR NOT NULL,
	"plan" VARCHAR NOT NULL,
	drive VARCHAR NOT NULL,
	item VARCHAR NOT NULL,
	c_tag VARCHAR NOT NULL,
	content BLOB,
	CONSTRAINT pk_plan_files PRIMARY KEY (source)
);

CREATE TABLE desk_plans (
	"plan" VARCHAR NOT NULL,
	saves INTEGER NOT NULL,
	content BLOB NOT NULL,
	saved_at DATETIME NOT NULL,
	saved_by VARCHAR NOT NULL,
	CONSTRAINT pk_desk_plans PRIMARY KEY ("plan")
);

CREATE TABLE plan_drafts (
	id VARCHAR NOT NULL,
	"plan" VARCHAR NOT NULL,
	owner VARCHAR NOT NULL,
	title VARCHAR NOT NULL,
	changes BLOB NOT NULL,
	begun_at DATETIME NOT NULL,
	changed_at DATETIME NOT NULL,
	handed_by VARCHAR NOT NULL,
	CONSTRAINT pk_plan_drafts PRIMARY KEY (id)
);

CREATE INDEX ix_plan_drafts_plan ON plan_drafts ("plan");

CREATE TABLE question_answers (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	question VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	answer VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	asked VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_question_answers PRIMARY KEY ("plan", course, question, email)
);

CREATE INDEX ix_question_answers_email ON question_answers (email);

CREATE TABLE conversations (
	conversation VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	service_url VARCHAR NOT NULL,
	subject VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	added_at DATETIME NOT NULL,
	seen_at DATETIME NOT NULL,
	CONSTRAINT pk_conversations PRIMARY KEY (conversation)
);

CREATE INDEX ix_conversations_subject ON conversations (subject);

CREATE TABLE chat_activities (
	"key" VARCHAR NOT NULL,
	came_at DATETIME NOT NULL,
	CONSTRAINT pk_chat_activities PRIMARY KEY ("key")
);

CREATE TABLE standing_cards (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	conversation VARCHAR NOT NULL,
	activity VARCHAR NOT NULL,
	digest VARCHAR NOT NULL,
	shown_at DATETIME NOT NULL,
	CONSTRAINT pk_standing_cards PRIMARY KEY ("plan", course, conversation)
);

CREATE TABLE attendance_log (
	"plan" VARCHAR NOT NULL,
	"key" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	session VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	said VARCHAR NOT NULL,
	source VARCHAR NOT NULL,
	"by" VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	noted_at DATETIME NOT NULL, minutes INTEGER,
	CONSTRAINT pk_attendance_log PRIMARY KEY ("plan", "key")
);

CREATE INDEX ix_attendance_log_plan ON attendance_log ("plan", course);

CREATE INDEX ix_attendance_log_email ON attendance_log (email);

CREATE TABLE app_installs (
	subject VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	state VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_app_installs PRIMARY KEY (subject)
);

CREATE TABLE app_packages (
	app VARCHAR NOT NULL,
	digest VARCHAR NOT NULL,
	version VARCHAR NOT NULL,
	CONSTRAINT pk_app_packages PRIMARY KEY (app)
);

CREATE TABLE evaluation_done (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	CONSTRAINT pk_evaluation_done PRIMARY KEY ("plan", course, offering, email)
)
 WITHOUT ROWID;

CREATE INDEX ix_evaluation_done_email ON evaluation_done (email);

CREATE TABLE evaluation_answers (
	"plan" VARCHAR NOT NULL,
	"key" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	question VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	asked VARCHAR NOT NULL,
	answer VARCHAR NOT NULL,
	CONSTRAINT pk_evaluation_answers PRIMARY KEY ("plan", "key")
)
 WITHOUT ROWID;

CREATE INDEX ix_evaluation_answers_plan ON evaluation_answers ("plan", course);

CREATE TABLE certificates (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	code VARCHAR NOT NULL,
	paper VARCHAR NOT NULL,
	issued_at DATETIME NOT NULL,
	issued_by VARCHAR NOT NULL,
	CONSTRAINT pk_certificates PRIMARY KEY ("plan", course, offering, email)
);

CREATE UNIQUE INDEX ix_certificates_code ON certificates (code);

CREATE INDEX ix_certificates_email ON certificates (email);

CREATE TABLE meeting_readings (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	session VARCHAR NOT NULL,
	ends_at DATETIME NOT NULL,
	state VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	reports JSON NOT NULL,
	CONSTRAINT pk_meeting_readings PRIMARY KEY ("plan", course, offering, session)
);

CREATE TABLE evaluation_shown (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	batch INTEGER NOT NULL,
	CONSTRAINT pk_evaluation_shown PRIMARY KEY ("plan", course, offering)
)
 WITHOUT ROWID;

CREATE TABLE task_answers (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	task VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	state VARCHAR NOT NULL,
	said VARCHAR NOT NULL,
	asked VARCHAR NOT NULL,
	names VARCHAR NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_task_answers PRIMARY KEY ("plan", course, offering, task, email)
);

CREATE INDEX ix_task_answers_email ON task_answers (email);

CREATE TABLE approval_asks (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	wished_at DATETIME NOT NULL,
	who VARCHAR NOT NULL,
	approver VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	asked_at DATETIME,
	due_at DATETIME NOT NULL,
	looked_at DATETIME NOT NULL,
	reminded_at DATETIME,
	overdue BOOLEAN NOT NULL,
	CONSTRAINT pk_approval_asks PRIMARY KEY ("plan", course, offering, email)
);

CREATE INDEX ix_approval_asks_email ON approval_asks (email);

CREATE TABLE old_parts (
	"plan" VARCHAR NOT NULL,
	course VARCHAR NOT NULL,
	offering VARCHAR NOT NULL,
	session VARCHAR NOT NULL,
	old VARCHAR NOT NULL,
	CONSTRAINT pk_old_parts PRIMARY KEY ("plan", course, offering, session, old)
);

CREATE TABLE managed_people (
	"plan" VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	manager_id VARCHAR NOT NULL,
	manager VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	looked_at DATETIME NOT NULL,
	read_at DATETIME,
	CONSTRAINT pk_managed_people PRIMARY KEY ("plan", email)
);

CREATE INDEX ix_managed_people_email ON managed_people (email);

CREATE INDEX ix_managed_people_manager_id ON managed_people (manager_id);

CREATE INDEX ix_managed_people_manager ON managed_people (manager);

CREATE TABLE manager_copies (
	"plan" VARCHAR NOT NULL,
	email VARCHAR NOT NULL,
	period VARCHAR NOT NULL,
	digest VARCHAR NOT NULL,
	looked_at DATETIME NOT NULL,
	CONSTRAINT pk_manager_copies PRIMARY KEY ("plan", email)
);

CREATE INDEX ix_manager_copies_email ON manager_copies (email)
