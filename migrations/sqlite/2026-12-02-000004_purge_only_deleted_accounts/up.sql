-- Only a deleted account is purged. The history of any other account can't be removed.
DROP TRIGGER account_events_remain;
CREATE TRIGGER account_events_remain BEFORE DELETE ON account_events
WHEN EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id AND (purge_started_at IS NULL OR status <> 'deleted'))
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
