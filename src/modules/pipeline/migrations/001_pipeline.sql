CREATE TABLE video_stages (
  video_id @ID NOT NULL,
  stage @TEXT NOT NULL,
  state @TEXT NOT NULL,
  job_id @ID,
  error @JSON,
  version @INT NOT NULL,
  started_at @TIME,
  finished_at @TIME,
  PRIMARY KEY (video_id, stage)
);
CREATE INDEX video_stages_job ON video_stages (job_id);
