-- Before an account is purged, the database looks for every row that refers to it (S003-14). In each table an index begins
-- with the referring column, so that the search reads no table whole.

-- Indexes that are always searched by both columns: with the account first they cost no additional write.
DROP INDEX tickets_by_requester_status;
CREATE INDEX tickets_by_requester_status ON tickets (requester_id, org_id, status);
DROP INDEX tickets_by_assignee_priority;
CREATE INDEX tickets_by_assignee_priority ON tickets (assignee_id, org_id, priority, id);
DROP INDEX permission_requests_of_user;
CREATE INDEX permission_requests_of_user ON permission_requests (user_id, org_id, id);
DROP INDEX invitations_by_inviter;
CREATE INDEX invitations_by_inviter ON invitations (inviter_id, org_id, created_at, id);

CREATE INDEX tickets_by_creator ON tickets (created_by);
CREATE INDEX messages_by_author ON messages (author_id);
CREATE INDEX attachments_by_uploader ON attachments (uploader_id);
CREATE INDEX read_markers_by_user ON read_markers (user_id);
CREATE INDEX approvals_by_requester ON approvals (requested_by);

-- Columns that are often, or for long, null.
CREATE INDEX tickets_by_approver ON tickets (approval_by) WHERE approval_by IS NOT NULL;
CREATE INDEX events_by_actor ON events (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX account_events_by_actor ON account_events (actor_id) WHERE actor_id IS NOT NULL;
CREATE INDEX approvals_by_decider ON approvals (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX permission_requests_by_decider ON permission_requests (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX membership_requests_by_decider ON membership_requests (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX membership_requests_by_appeal_decider ON membership_requests (appeal_decided_by)
    WHERE appeal_decided_by IS NOT NULL;
