-- Log entries never change (S001-44). The history of an account is deleted only with the account.
-- A migration that recreates `events`, `account_events` or `users` has to drop these triggers before, and to create them after.
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER account_events_stay BEFORE UPDATE ON account_events BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER account_events_remain BEFORE DELETE ON account_events WHEN EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id)
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
