-- Of the video, not of its transcript: each run makes a new one, over which they are laid.
CREATE TABLE transcript_edits (
  id @ID PRIMARY KEY,
  video_id @ID NOT NULL,
  start_s @REAL NOT NULL,
  end_s @REAL NOT NULL,
  text @TEXT NOT NULL,
  user_id @ID NOT NULL,
  created_at @TIME NOT NULL
);
CREATE INDEX transcript_edits_video ON transcript_edits (video_id, created_at, id);
