ALTER TABLE jobs ADD COLUMN claimant @TEXT NOT NULL DEFAULT '';
UPDATE jobs SET claimant = COALESCE(user_id, '');

DROP INDEX jobs_ready;
CREATE INDEX jobs_turn ON jobs (lane, claimant, priority DESC, run_at) WHERE state IN ('queued', 'retry_wait', 'snoozed');
CREATE INDEX jobs_served ON jobs (lane, claimant, started_at) WHERE started_at IS NOT NULL;
