-- Tickets with an assignee, and those without one, in each order. Behind `assignee_id IS NULL`, PostgreSQL takes no order from an
-- index that has `assignee_id` before the columns of the order.
DROP INDEX tickets_by_assignee;
CREATE INDEX tickets_by_assignee ON tickets (org_id, assignee_id, created_at, id) WHERE assignee_id IS NOT NULL;
DROP INDEX tickets_by_assignee_change;
CREATE INDEX tickets_by_assignee_change ON tickets (org_id, assignee_id, updated_at, id) WHERE assignee_id IS NOT NULL;
DROP INDEX tickets_by_assignee_priority;
CREATE INDEX tickets_by_assignee_priority ON tickets (assignee_id, org_id, priority, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX tickets_unassigned ON tickets (org_id, created_at, id) WHERE assignee_id IS NULL;
CREATE INDEX tickets_unassigned_by_change ON tickets (org_id, updated_at, id) WHERE assignee_id IS NULL;
CREATE INDEX tickets_unassigned_by_priority ON tickets (org_id, priority, id) WHERE assignee_id IS NULL;
