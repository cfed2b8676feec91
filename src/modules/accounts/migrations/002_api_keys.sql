CREATE TABLE api_keys (
  id @ID PRIMARY KEY,
  user_id @ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name @TEXT NOT NULL,
  prefix @TEXT NOT NULL,
  secret_hash @TEXT NOT NULL UNIQUE,
  scopes @TEXT NOT NULL,
  last_used_at @TIME,
  expires_at @TIME,
  created_at @TIME NOT NULL
);
CREATE INDEX api_keys_user ON api_keys (user_id, created_at);

-- A ticket goes with what it was asked for by: a session or a key.
CREATE TABLE realtime_tickets (
  hash @TEXT PRIMARY KEY,
  user_id @ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  session_id @ID REFERENCES sessions (id) ON DELETE CASCADE,
  api_key_id @ID REFERENCES api_keys (id) ON DELETE CASCADE,
  expires_at @TIME NOT NULL,
  created_at @TIME NOT NULL
);
CREATE INDEX realtime_tickets_expiry ON realtime_tickets (expires_at);
