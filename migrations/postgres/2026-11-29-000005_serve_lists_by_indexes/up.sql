-- Lists, log-ins and clean-up read as many rows in a large platform as in a small one.

-- The memberships of a person, across organizations.
CREATE INDEX membership_roles_by_user ON membership_roles (user_id, org_id, role_key);
-- The holders of a role, in an order.
DROP INDEX membership_roles_by_role;
CREATE INDEX membership_roles_by_role ON membership_roles (org_id, role_key, user_id);
CREATE INDEX membership_locations_by_user ON membership_locations (user_id, org_id, location_id);

-- Own requests and those of an assignee, or of none, in each order.
CREATE INDEX tickets_by_requester_change ON tickets (org_id, requester_id, updated_at, id);
CREATE INDEX tickets_by_requester_priority ON tickets (org_id, requester_id, priority, id);
CREATE INDEX tickets_by_assignee_change ON tickets (org_id, assignee_id, updated_at, id);
CREATE INDEX tickets_by_assignee_priority ON tickets (org_id, assignee_id, priority, id);
CREATE INDEX tickets_by_approval_change ON tickets (org_id, approval, updated_at, id) WHERE approval IS NOT NULL;
CREATE INDEX tickets_by_approval_priority ON tickets (org_id, approval, priority, id) WHERE approval IS NOT NULL;

-- The directory of accounts by status, and by platform role.
CREATE INDEX users_by_status_age ON users (status, created_at, id);
CREATE INDEX users_by_status_name ON users (status, name, id);
CREATE INDEX users_by_status_email ON users (status, email, id);
CREATE INDEX platform_roles_by_role ON platform_roles (role_key, user_id);

-- Changes that are pending approval, and requests that are pending a decision.
CREATE INDEX approvals_of_org ON approvals (org_id, id);
CREATE INDEX approvals_of_subject ON approvals (org_id, subject_id, id);
CREATE INDEX permission_requests_of_user ON permission_requests (org_id, user_id, id);
DROP INDEX permission_requests_by_user;
CREATE INDEX permission_requests_undecided ON permission_requests (org_id, id) WHERE decided_at IS NULL;
CREATE INDEX membership_requests_by_status ON membership_requests (org_id, status, id);

-- Invitations by each stored order and filter.
CREATE INDEX invitations_by_sending ON invitations (org_id, last_sent_at, id);
CREATE INDEX invitations_by_end ON invitations (org_id, valid_until, id);
CREATE INDEX invitations_by_address ON invitations (org_id, email, id);
CREATE INDEX invitations_by_offer ON invitations (org_id, offered, id);
CREATE INDEX invitations_by_inviter ON invitations (org_id, inviter_id, created_at, id);
CREATE INDEX invitations_by_decision ON invitations (org_id, decision, created_at, id);
CREATE INDEX invitations_by_decision_end ON invitations (org_id, decision, valid_until, id);
CREATE INDEX invitations_of_batch ON invitations (batch_id, id) WHERE batch_id IS NOT NULL;

-- Expired rows, to be removed.
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX sessions_by_use ON sessions (last_used_at);
CREATE INDEX one_time_tokens_by_end ON one_time_tokens (expires_at);
-- Suspended accounts are found by status and time, now that there are other indexes by status.
DROP INDEX users_to_lift;
CREATE INDEX users_to_lift ON users (status, suspended_until) WHERE suspended_until IS NOT NULL;
