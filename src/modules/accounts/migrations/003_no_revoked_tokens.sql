-- The row of a session says whether its tokens hold (docs/adr/0025).
DROP TABLE revoked_tokens;
