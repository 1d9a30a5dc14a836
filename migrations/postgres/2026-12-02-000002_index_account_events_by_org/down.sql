DROP INDEX account_events_of_org_by_kind;
DROP INDEX account_events_of_org;
