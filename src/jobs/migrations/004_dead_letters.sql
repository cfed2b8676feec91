CREATE TABLE dead_letters (
  id @ID PRIMARY KEY,
  source @TEXT NOT NULL,
  kind @TEXT NOT NULL,
  payload @JSON NOT NULL,
  error @JSON NOT NULL,
  attempts @INT NOT NULL,
  replayed_at @TIME,
  created_at @TIME NOT NULL
);
CREATE INDEX dead_letters_created ON dead_letters (created_at, id);
CREATE INDEX dead_letters_kind ON dead_letters (kind, created_at) WHERE replayed_at IS NULL;

CREATE INDEX jobs_created ON jobs (created_at, id);
CREATE INDEX jobs_parent ON jobs (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX jobs_kind_succeeded ON jobs (kind, finished_at) WHERE state = 'succeeded';
