CREATE TABLE chats (
  id @ID PRIMARY KEY,
  user_id @ID NOT NULL,
  title @TEXT NOT NULL,
  scope @JSON NOT NULL,
  surface @TEXT NOT NULL,
  last_message_at @TIME,
  ver @INT NOT NULL,
  created_at @TIME NOT NULL,
  updated_at @TIME NOT NULL
);
CREATE INDEX chats_user ON chats (user_id, created_at);

CREATE TABLE chat_messages (
  id @ID PRIMARY KEY,
  chat_id @ID NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  user_id @ID NOT NULL,
  parent_message_id @ID,
  message_type @TEXT NOT NULL,
  content_type @TEXT NOT NULL,
  content @TEXT NOT NULL,
  status @TEXT NOT NULL,
  engine @TEXT,
  confidence @REAL,
  created_at @TIME NOT NULL
);
CREATE INDEX idx_chat_messages_chat ON chat_messages (chat_id, created_at);
CREATE INDEX idx_chat_messages_created_at ON chat_messages (created_at DESC);

CREATE TABLE citations (
  id @ID PRIMARY KEY,
  message_id @ID NOT NULL REFERENCES chat_messages (id) ON DELETE CASCADE,
  position @INT NOT NULL,
  video_id @ID NOT NULL,
  title @TEXT NOT NULL,
  start_s @REAL NOT NULL,
  end_s @REAL NOT NULL,
  text @TEXT NOT NULL,
  score @REAL NOT NULL,
  UNIQUE (message_id, position)
);
