CREATE TABLE jobs (
  id @ID PRIMARY KEY,
  kind @TEXT NOT NULL,
  lane @TEXT NOT NULL,
  state @TEXT NOT NULL,
  priority @INT NOT NULL,
  args @JSON NOT NULL,
  subject_type @TEXT NOT NULL,
  subject_id @ID NOT NULL,
  user_id @ID,
  parent_id @ID,
  unique_key @TEXT,
  attempts @INT NOT NULL,
  max_attempts @INT NOT NULL,
  progress @REAL NOT NULL,
  run_at @TIME NOT NULL,
  lease_until @TIME,
  fence @INT NOT NULL,
  worker @TEXT,
  result @JSON,
  error @JSON,
  started_at @TIME,
  finished_at @TIME,
  created_at @TIME NOT NULL,
  updated_at @TIME NOT NULL
);

CREATE UNIQUE INDEX jobs_live_key ON jobs (unique_key) WHERE state IN ('queued', 'running', 'retry_wait', 'snoozed');
CREATE INDEX jobs_ready ON jobs (lane, priority, run_at) WHERE state IN ('queued', 'retry_wait', 'snoozed');
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_subject ON jobs (subject_id, created_at);
CREATE INDEX jobs_user ON jobs (user_id, created_at);
