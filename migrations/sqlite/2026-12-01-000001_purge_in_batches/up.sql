-- Time since which an account is being purged, its history in transactions of bounded size. It is no longer shown.
ALTER TABLE users ADD COLUMN purge_started_at text;
CREATE INDEX users_to_purge ON users (purge_started_at) WHERE purge_started_at IS NOT NULL;

-- The history of an account is deleted only with the account, or before it once its purge has started.
DROP TRIGGER account_events_remain;
CREATE TRIGGER account_events_remain BEFORE DELETE ON account_events
WHEN EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id AND purge_started_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;

-- Acts on the accounts of others are found without reading those on the person's own account.
DROP INDEX account_events_by_actor;
CREATE INDEX account_events_by_actor ON account_events (actor_id, user_id) WHERE actor_id IS NOT NULL;
