-- The database port's own tables. IF NOT EXISTS because the runner looks into schema_migrations before it runs anything.
CREATE TABLE IF NOT EXISTS schema_migrations (
  owner @TEXT NOT NULL,
  version @INT NOT NULL,
  checksum @TEXT NOT NULL,
  created_at @TIME NOT NULL,
  PRIMARY KEY (owner, version)
);
