ALTER TABLE one_time_tokens RENAME COLUMN mailed_to TO email;
ALTER TABLE users DROP COLUMN address_proof_ended_at;
ALTER TABLE users DROP COLUMN address_proved_at;
