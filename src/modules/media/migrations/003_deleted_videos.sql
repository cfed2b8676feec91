ALTER TABLE videos ADD COLUMN deleted_at @TIME;
CREATE INDEX idx_videos_deleted_at ON videos (deleted_at) WHERE deleted_at IS NOT NULL;
