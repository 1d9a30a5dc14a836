CREATE TABLE profiles (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    phone text,
    pronouns text,
    about text,
    private_fields text NOT NULL,
    completed_at timestamptz
);

CREATE TABLE approvals (
    id uuid PRIMARY KEY,
    org_id uuid REFERENCES orgs (id),
    kind text NOT NULL,
    subject_id uuid NOT NULL REFERENCES users (id),
    payload jsonb NOT NULL,
    reason text NOT NULL,
    requested_by uuid NOT NULL REFERENCES users (id),
    requested_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    is_approved boolean,
    decided_by uuid REFERENCES users (id),
    decided_at timestamptz,
    version bigint NOT NULL
);
CREATE INDEX approvals_by_subject ON approvals (subject_id);

ALTER TABLE memberships ADD COLUMN suspension_reason text;
ALTER TABLE memberships ADD COLUMN suspended_until timestamptz;
CREATE INDEX memberships_to_lift ON memberships (suspended_until) WHERE suspended_until IS NOT NULL;
CREATE INDEX users_to_lift ON users (suspended_until) WHERE suspended_until IS NOT NULL;
CREATE INDEX users_to_delete ON users (deletion_due_at) WHERE deletion_due_at IS NOT NULL;
-- The organization that created the account, and so manages it.
SELECT set_config('app.is_platform', 'on', true);
ALTER TABLE users ADD COLUMN home_org_id uuid REFERENCES orgs (id);
UPDATE users SET home_org_id = (SELECT m.org_id FROM memberships m WHERE m.user_id = users.id AND m.created_at = users.created_at);
CREATE INDEX users_by_age ON users (created_at, id);
CREATE INDEX users_by_name ON users (name, id);

-- The history of an account is deleted with the account. Keys are checked in the order of their creation: events of the
-- person on their own account have to be deleted before the check.
ALTER TABLE account_events DROP CONSTRAINT account_events_user_id_fkey;
ALTER TABLE account_events ADD CONSTRAINT account_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE account_events DROP CONSTRAINT account_events_actor_id_fkey;
ALTER TABLE account_events ADD CONSTRAINT account_events_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES users (id);

GRANT SELECT, INSERT, UPDATE, DELETE ON profiles, approvals TO steward_app;
ALTER TABLE approvals ENABLE ROW LEVEL SECURITY;
ALTER TABLE approvals FORCE ROW LEVEL SECURITY;
CREATE POLICY approvals_scope ON approvals USING (org_id = steward_org() OR steward_is_platform());

-- Roles that could manage members get the new permissions to assist them.
SELECT set_config('app.is_platform', 'on', true);
INSERT INTO role_permissions (org_id, role_key, permission)
    SELECT r.org_id, r.role_key, p.word FROM role_permissions r CROSS JOIN (VALUES
        ('invite_members'), ('suspend_members'), ('view_member_profiles'), ('edit_member_profiles'), ('view_member_log_ins'),
        ('view_member_activity'), ('view_member_mails'), ('diagnose_members'), ('unlock_members'), ('confirm_members'),
        ('reset_member_passwords'), ('flag_compromised_members')) AS p (word)
    WHERE r.permission = 'manage_members';
