CREATE TABLE videos (
  id @ID PRIMARY KEY,
  number @INT NOT NULL UNIQUE,
  user_id @ID NOT NULL,
  channel_id @ID,
  title @TEXT NOT NULL,
  description @TEXT NOT NULL,
  status @TEXT NOT NULL,
  status_message @TEXT,
  visibility @TEXT NOT NULL,
  source_kind @TEXT NOT NULL,
  source_url @TEXT,
  external_id @TEXT,
  key @TEXT NOT NULL,
  content_sha256 @TEXT NOT NULL,
  file_size @INT NOT NULL,
  duration @REAL,
  metadata @JSON,
  language @TEXT,
  tags @JSON NOT NULL,
  playback_epoch @INT NOT NULL,
  root_job_id @ID,
  processed_at @TIME,
  ver @INT NOT NULL,
  created_at @TIME NOT NULL,
  updated_at @TIME NOT NULL
);
CREATE INDEX idx_videos_user_id ON videos (user_id, created_at);
CREATE INDEX idx_videos_status ON videos (status);
CREATE INDEX idx_videos_created_at ON videos (created_at DESC);
CREATE INDEX idx_videos_active ON videos (user_id, created_at) WHERE status = 'ready';

CREATE TABLE video_variants (
  id @ID PRIMARY KEY,
  video_id @ID NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  quality @TEXT NOT NULL,
  codec @TEXT NOT NULL,
  key @TEXT NOT NULL,
  width @INT NOT NULL,
  height @INT NOT NULL,
  fps @REAL NOT NULL,
  bitrate @INT NOT NULL,
  size @INT NOT NULL,
  created_at @TIME NOT NULL,
  UNIQUE (video_id, quality, codec)
);

CREATE TABLE video_assets (
  id @ID PRIMARY KEY,
  video_id @ID NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
  name @TEXT NOT NULL,
  kind @TEXT NOT NULL,
  key @TEXT NOT NULL,
  language @TEXT,
  content_type @TEXT NOT NULL,
  size @INT NOT NULL,
  sha256 @TEXT NOT NULL,
  detail @JSON,
  created_at @TIME NOT NULL,
  UNIQUE (video_id, name)
);

CREATE TABLE blobs (
  id @ID PRIMARY KEY,
  key @TEXT NOT NULL UNIQUE,
  sha256 @TEXT,
  size @INT NOT NULL,
  state @TEXT NOT NULL,
  owner_type @TEXT NOT NULL,
  owner_id @ID NOT NULL,
  doomed_at @TIME,
  created_at @TIME NOT NULL
);
CREATE INDEX blobs_owner ON blobs (owner_id);
CREATE INDEX blobs_sweep ON blobs (state, created_at) WHERE state <> 'live';
