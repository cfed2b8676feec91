-- Which resource a request with an Idempotency-Key made; a repeat renders that resource again.
CREATE TABLE idempotency_keys (
  user_id @ID NOT NULL,
  key @TEXT NOT NULL,
  request_hash @TEXT NOT NULL,
  status @INT NOT NULL,
  resource_type @TEXT NOT NULL,
  resource_id @ID NOT NULL,
  expires_at @TIME NOT NULL,
  created_at @TIME NOT NULL,
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idx_idempotency_keys_expires_at ON idempotency_keys (expires_at);
