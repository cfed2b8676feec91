CREATE TABLE text_words (
  model @TEXT NOT NULL,
  text_sha256 @TEXT NOT NULL,
  words @JSON NOT NULL,
  vectors @BYTES NOT NULL,
  PRIMARY KEY (model, text_sha256)
);
