-- What everybody may find, the newest first.
CREATE INDEX idx_videos_public ON videos (created_at, id) WHERE visibility = 'public' AND deleted_at IS NULL;
