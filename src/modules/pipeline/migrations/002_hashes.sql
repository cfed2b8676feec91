ALTER TABLE video_stages ADD COLUMN input_hash @TEXT;
ALTER TABLE video_stages ADD COLUMN output_hash @TEXT;
ALTER TABLE video_stages ADD COLUMN attempt @INT NOT NULL DEFAULT 0;
ALTER TABLE video_stages ADD COLUMN fence @INT NOT NULL DEFAULT 0;
