CREATE TABLE video_summaries (
  id @ID PRIMARY KEY,
  video_id @ID NOT NULL,
  language @TEXT NOT NULL,
  summary_text @TEXT NOT NULL,
  overview @TEXT NOT NULL,
  key_points @JSON NOT NULL,
  timestamps @JSON NOT NULL,
  quality_score @REAL NOT NULL,
  model_info @JSON NOT NULL,
  created_at @TIME NOT NULL,
  updated_at @TIME NOT NULL,
  UNIQUE (video_id, language)
);

CREATE TABLE chapters (
  id @ID PRIMARY KEY,
  video_id @ID NOT NULL,
  position @INT NOT NULL,
  start_s @REAL NOT NULL,
  end_s @REAL NOT NULL,
  title @TEXT NOT NULL,
  summary @TEXT NOT NULL,
  by_person @BOOL NOT NULL,
  UNIQUE (video_id, position)
);
