CREATE TABLE account_setups (
    token_hash text PRIMARY KEY,
    user_id blob REFERENCES users (id),
    expires_at text NOT NULL,
    used_at text
) STRICT;
CREATE INDEX account_setups_by_user ON account_setups (user_id);
INSERT INTO account_setups (token_hash, user_id, expires_at, used_at)
    SELECT token_hash, user_id, expires_at, used_at FROM one_time_tokens WHERE purpose = 'set_up_account';
ALTER TABLE sessions DROP COLUMN restrictions;
ALTER TABLE users DROP COLUMN version;
ALTER TABLE users DROP COLUMN temporary_password_until;
ALTER TABLE users DROP COLUMN deletion_due_at;
ALTER TABLE users DROP COLUMN status_before_deletion;
ALTER TABLE users DROP COLUMN suspended_until;
ALTER TABLE users DROP COLUMN suspension_reason;
ALTER TABLE users DROP COLUMN locked_until;
ALTER TABLE users DROP COLUMN time_zone;
DROP TABLE consents;
DROP TABLE agreements;
DROP TABLE platform_settings;
DROP TABLE account_events;
DROP TABLE account_requests;
DROP TABLE one_time_tokens;
