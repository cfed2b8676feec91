-- Along these the orders of a person's list go; by birth without a status it goes along idx_videos_user_id.
CREATE INDEX idx_videos_title ON videos (user_id, title, id) WHERE deleted_at IS NULL;
CREATE INDEX idx_videos_duration ON videos (user_id, (COALESCE(duration, -1)), id) WHERE deleted_at IS NULL;
CREATE INDEX idx_videos_user_status ON videos (user_id, status, created_at, id) WHERE deleted_at IS NULL;
