CREATE TABLE cron_runs (
  id @ID PRIMARY KEY,
  name @TEXT NOT NULL,
  due_at @TIME NOT NULL,
  started_at @TIME NOT NULL,
  finished_at @TIME,
  status @TEXT NOT NULL,
  error @JSON,
  UNIQUE (name, due_at)
);
CREATE INDEX cron_runs_started ON cron_runs (started_at);

CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX outbox_events_published ON outbox_events (published_at) WHERE published_at IS NOT NULL;
CREATE INDEX events_created ON events (created_at);
