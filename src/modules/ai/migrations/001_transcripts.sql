CREATE TABLE video_transcripts (
  id @ID PRIMARY KEY,
  video_id @ID NOT NULL UNIQUE,
  transcript_text @TEXT NOT NULL,
  language @TEXT NOT NULL,
  duration_seconds @REAL NOT NULL,
  model_info @JSON NOT NULL,
  edited_at @TIME,
  ver @INT NOT NULL,
  created_at @TIME NOT NULL,
  updated_at @TIME NOT NULL
);

CREATE TABLE transcript_segments (
  id @ID PRIMARY KEY,
  transcript_id @ID NOT NULL REFERENCES video_transcripts (id) ON DELETE CASCADE,
  position @INT NOT NULL,
  start_s @REAL NOT NULL,
  end_s @REAL NOT NULL,
  text @TEXT NOT NULL,
  words @JSON NOT NULL,
  UNIQUE (transcript_id, position)
);
