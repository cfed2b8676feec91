CREATE TABLE search_chunks (
  id @ID PRIMARY KEY,
  video_id @ID NOT NULL,
  position @INT NOT NULL,
  start_s @REAL NOT NULL,
  end_s @REAL NOT NULL,
  text @TEXT NOT NULL,
  language @TEXT NOT NULL,
  UNIQUE (video_id, position)
);

CREATE TABLE search_vectors (
  chunk_id @ID NOT NULL REFERENCES search_chunks (id) ON DELETE CASCADE,
  model @TEXT NOT NULL,
  vector @BYTES NOT NULL,
  PRIMARY KEY (chunk_id, model)
);

CREATE TABLE index_states (
  video_id @ID PRIMARY KEY,
  engine @TEXT NOT NULL,
  version @INT NOT NULL,
  indexed_at @TIME NOT NULL
);
