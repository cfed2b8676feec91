CREATE TABLE uploads (
  id @ID PRIMARY KEY,
  user_id @ID NOT NULL,
  video_id @ID NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  protocol @TEXT NOT NULL,
  state @TEXT NOT NULL,
  length @INT,
  filename @TEXT NOT NULL,
  content_type @TEXT NOT NULL,
  metadata @TEXT NOT NULL,
  storage_upload_id @TEXT NOT NULL,
  expires_at @TIME NOT NULL,
  created_at @TIME NOT NULL,
  updated_at @TIME NOT NULL
);
CREATE INDEX uploads_video ON uploads (video_id);
CREATE INDEX uploads_expiry ON uploads (expires_at);
