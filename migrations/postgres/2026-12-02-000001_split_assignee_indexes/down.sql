DROP INDEX tickets_unassigned_by_priority;
DROP INDEX tickets_unassigned_by_change;
DROP INDEX tickets_unassigned;
DROP INDEX tickets_by_assignee_priority;
CREATE INDEX tickets_by_assignee_priority ON tickets (assignee_id, org_id, priority, id);
DROP INDEX tickets_by_assignee_change;
CREATE INDEX tickets_by_assignee_change ON tickets (org_id, assignee_id, updated_at, id);
DROP INDEX tickets_by_assignee;
CREATE INDEX tickets_by_assignee ON tickets (org_id, assignee_id, created_at, id);
