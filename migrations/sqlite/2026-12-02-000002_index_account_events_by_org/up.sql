-- What happened to an account in the name of one organization, and of that what is of one kind.
CREATE INDEX account_events_of_org ON account_events (user_id, org_id, occurred_at, id) WHERE org_id IS NOT NULL;
CREATE INDEX account_events_of_org_by_kind ON account_events (user_id, org_id, kind, occurred_at, id) WHERE org_id IS NOT NULL;
