-- Time at which an invitation was accepted, or the epoch if it was not: in a list by acceptance, those come first.
ALTER TABLE invitations ADD COLUMN accepted_at_or_epoch text NOT NULL
    GENERATED ALWAYS AS (CASE WHEN decision = 'accepted' THEN decided_at ELSE '1970-01-01T00:00:00.000000Z' END) VIRTUAL;
CREATE INDEX invitations_by_acceptance ON invitations (org_id, accepted_at_or_epoch, id);

-- Events of an account, of one kind.
CREATE INDEX account_events_by_kind ON account_events (user_id, kind, occurred_at, id);
