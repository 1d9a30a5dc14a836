ALTER TABLE users DROP COLUMN deletion_started_at;
