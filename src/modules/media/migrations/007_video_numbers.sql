-- A number is an address: that of a video which is gone is never another's.
CREATE TABLE video_numbers (last @INT NOT NULL);
INSERT INTO video_numbers (last) SELECT COALESCE(MAX(number), 0) FROM videos;
