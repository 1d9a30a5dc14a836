DROP INDEX account_events_by_actor;
CREATE INDEX account_events_by_actor ON account_events (actor_id) WHERE actor_id IS NOT NULL;
DROP TRIGGER account_events_remain;
CREATE TRIGGER account_events_remain BEFORE DELETE ON account_events WHEN EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id)
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
DROP INDEX users_to_purge;
ALTER TABLE users DROP COLUMN purge_started_at;
