DROP INDEX account_events_by_kind;
DROP INDEX invitations_by_acceptance;
ALTER TABLE invitations DROP COLUMN accepted_at_or_epoch;
