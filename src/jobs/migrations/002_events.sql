CREATE TABLE outbox_events (
  id @ID PRIMARY KEY,
  topic @TEXT NOT NULL,
  user_id @ID,
  subject_id @ID NOT NULL,
  payload @JSON NOT NULL,
  published_at @TIME,
  created_at @TIME NOT NULL
);
CREATE INDEX outbox_events_unpublished ON outbox_events (created_at, id) WHERE published_at IS NULL;

CREATE TABLE events (
  position @INT PRIMARY KEY,
  id @ID NOT NULL UNIQUE,
  type @TEXT NOT NULL,
  user_id @ID,
  subject_id @ID NOT NULL,
  data @JSON NOT NULL,
  created_at @TIME NOT NULL
);
CREATE INDEX events_user ON events (user_id, position);
CREATE INDEX events_subject ON events (subject_id, position);
