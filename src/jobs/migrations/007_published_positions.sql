-- Where in the log the event came to stand; null in rows of before.
ALTER TABLE outbox_events ADD COLUMN position @INT;
