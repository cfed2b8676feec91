CREATE TABLE users (
  id @ID PRIMARY KEY,
  number @INT NOT NULL UNIQUE,
  email @TEXT NOT NULL UNIQUE,
  name @TEXT NOT NULL,
  password_hash @TEXT NOT NULL,
  avatar_url @TEXT,
  role @TEXT NOT NULL,
  subscription_type @TEXT NOT NULL,
  subscription_expires_at @TIME,
  locale @TEXT,
  email_verified_at @TIME,
  disabled_at @TIME,
  ver @INT NOT NULL,
  created_at @TIME NOT NULL,
  updated_at @TIME NOT NULL
);

CREATE TABLE sessions (
  id @ID PRIMARY KEY,
  user_id @ID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind @TEXT NOT NULL,
  token_hash @TEXT UNIQUE,
  csrf_hash @TEXT,
  ip @TEXT NOT NULL,
  user_agent @TEXT NOT NULL,
  last_seen_at @TIME NOT NULL,
  expires_at @TIME NOT NULL,
  absolute_expires_at @TIME NOT NULL,
  created_at @TIME NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, created_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE refresh_tokens (
  id @ID PRIMARY KEY,
  family_id @ID NOT NULL,
  session_id @ID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  token_hash @TEXT NOT NULL UNIQUE,
  spent_at @TIME,
  expires_at @TIME NOT NULL,
  created_at @TIME NOT NULL
);
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE revoked_tokens (
  jti @ID PRIMARY KEY,
  expires_at @TIME NOT NULL,
  created_at @TIME NOT NULL
);
CREATE INDEX revoked_tokens_expiry ON revoked_tokens (expires_at);

CREATE TABLE invites (
  id @ID PRIMARY KEY,
  token_hash @TEXT NOT NULL UNIQUE,
  kind @TEXT NOT NULL,
  email @TEXT,
  role @TEXT NOT NULL,
  expires_at @TIME NOT NULL,
  used_at @TIME,
  created_at @TIME NOT NULL
);
