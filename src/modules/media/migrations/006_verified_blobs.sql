ALTER TABLE blobs ADD COLUMN verified_at @TIME;
-- Which of them were looked at longest ago.
CREATE INDEX blobs_unverified ON blobs (COALESCE(verified_at, created_at)) WHERE state = 'live';
