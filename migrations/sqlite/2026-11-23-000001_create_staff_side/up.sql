CREATE TABLE profiles (
    user_id blob PRIMARY KEY REFERENCES users (id),
    phone text,
    pronouns text,
    about text,
    private_fields text NOT NULL,
    completed_at text
) STRICT;

CREATE TABLE approvals (
    id blob PRIMARY KEY,
    org_id blob REFERENCES orgs (id),
    kind text NOT NULL,
    subject_id blob NOT NULL REFERENCES users (id),
    payload text NOT NULL,
    reason text NOT NULL,
    requested_by blob NOT NULL REFERENCES users (id),
    requested_at text NOT NULL,
    expires_at text NOT NULL,
    is_approved integer,
    decided_by blob REFERENCES users (id),
    decided_at text,
    version integer NOT NULL
) STRICT;
CREATE INDEX approvals_by_subject ON approvals (subject_id);

ALTER TABLE memberships ADD COLUMN suspension_reason text;
ALTER TABLE memberships ADD COLUMN suspended_until text;
CREATE INDEX memberships_to_lift ON memberships (suspended_until) WHERE suspended_until IS NOT NULL;
CREATE INDEX users_to_lift ON users (suspended_until) WHERE suspended_until IS NOT NULL;
CREATE INDEX users_to_delete ON users (deletion_due_at) WHERE deletion_due_at IS NOT NULL;
-- The organization that created the account, and so manages it.
ALTER TABLE users ADD COLUMN home_org_id blob REFERENCES orgs (id);
UPDATE users SET home_org_id = (SELECT m.org_id FROM memberships m WHERE m.user_id = users.id AND m.created_at = users.created_at);
CREATE INDEX users_by_age ON users (created_at, id);
CREATE INDEX users_by_name ON users (name, id);

-- The history of an account is deleted with the account.
CREATE TABLE account_events_anew (
    id blob PRIMARY KEY,
    user_id blob NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    org_id blob REFERENCES orgs (id),
    kind text NOT NULL,
    actor_id blob REFERENCES users (id),
    occurred_at text NOT NULL,
    request_id text NOT NULL,
    address text,
    user_agent text,
    reason text,
    changes text NOT NULL
) STRICT;
INSERT INTO account_events_anew (id, user_id, org_id, kind, actor_id, occurred_at, request_id, address, user_agent, reason, changes)
    SELECT id, user_id, org_id, kind, actor_id, occurred_at, request_id, address, user_agent, reason, changes FROM account_events;
DROP TABLE account_events;
ALTER TABLE account_events_anew RENAME TO account_events;
CREATE INDEX account_events_by_user ON account_events (user_id, occurred_at, id);

-- Roles that could manage members get the new permissions to assist them.
INSERT INTO role_permissions (org_id, role_key, permission)
    WITH p (word) AS (VALUES
        ('invite_members'), ('suspend_members'), ('view_member_profiles'), ('edit_member_profiles'), ('view_member_log_ins'),
        ('view_member_activity'), ('view_member_mails'), ('diagnose_members'), ('unlock_members'), ('confirm_members'),
        ('reset_member_passwords'), ('flag_compromised_members'))
    SELECT r.org_id, r.role_key, p.word FROM role_permissions r CROSS JOIN p WHERE r.permission = 'manage_members';
