-- What a server that died was answering; the next one ends it.
CREATE INDEX chat_messages_streaming ON chat_messages (id) WHERE status = 'streaming';
