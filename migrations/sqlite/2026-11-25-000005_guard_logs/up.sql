-- What was logged stays as it is (S001-44). The history of an account goes only with the account.
-- A migration that makes `events`, `account_events` or `users` anew has to drop these triggers before and to create them after.
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER account_events_stay BEFORE UPDATE ON account_events BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER account_events_remain BEFORE DELETE ON account_events WHEN EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id)
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
