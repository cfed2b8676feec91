-- What a question came with, who wrote an answer, and when it ended.
ALTER TABLE chat_messages ADD COLUMN metadata @JSON;
ALTER TABLE chat_messages ADD COLUMN model @TEXT;
ALTER TABLE chat_messages ADD COLUMN updated_at @TIME;
