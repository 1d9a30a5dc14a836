-- Who holds a right to approve critical changes, and since when: in an organization, or on the platform (`org_id` null). Those
-- who lost the right remain for some days. The key names organization, right and person.
CREATE TABLE approvers (
    approver_key text PRIMARY KEY,
    org_id uuid REFERENCES orgs (id),
    approval_right text NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    held_since timestamptz NOT NULL,
    lost_at timestamptz,
    vote_starts_at timestamptz NOT NULL,
    -- The people responsible for the grant, as a JSON array of ids.
    granted_by jsonb NOT NULL,
    endorsed_by jsonb,
    endorsed_at timestamptz CHECK ((endorsed_by IS NULL) = (endorsed_at IS NULL)),
    -- Time since which the other holders have to be notified of it; null once they are.
    announces_at timestamptz,
    -- Time since which the person has been a holder, with breaks of less than seven days.
    known_since timestamptz NOT NULL
);
CREATE INDEX approvers_of_right ON approvers (org_id, approval_right, user_id);
CREATE INDEX approvers_by_user ON approvers (user_id);
CREATE INDEX approvers_to_announce ON approvers (announces_at) WHERE announces_at IS NOT NULL;

-- Acts that may have given others than its owner access to an account.
CREATE TABLE takeovers (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    act text NOT NULL,
    -- The people responsible for it, as a JSON array of ids.
    acted_by jsonb NOT NULL,
    acted_at timestamptz NOT NULL,
    -- The address of the account, if it was proved until then.
    proved_address text
);
CREATE INDEX takeovers_of_user ON takeovers (user_id, acted_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON approvers, takeovers TO steward_app;
ALTER TABLE approvers ENABLE ROW LEVEL SECURITY;
ALTER TABLE approvers FORCE ROW LEVEL SECURITY;
CREATE POLICY approvers_scope ON approvers USING (org_id = steward_org() OR steward_is_platform());

SELECT set_config('app.is_platform', 'on', true);
INSERT INTO approvers (approver_key, org_id, approval_right, user_id, held_since, vote_starts_at, granted_by, known_since)
    SELECT replace(m.org_id::text, '-', '') || ' ' || r.word || ' ' || replace(m.user_id::text, '-', ''), m.org_id, r.word, m.user_id, m.created_at,
           m.created_at, '[]'::jsonb, m.created_at
    FROM memberships m CROSS JOIN (SELECT 'change_owners' AS word UNION ALL SELECT 'delete_member_accounts') AS r
    WHERE EXISTS (SELECT 1 FROM membership_roles h WHERE h.org_id = m.org_id AND h.user_id = m.user_id AND h.role_key = 'owner');
INSERT INTO approvers (approver_key, org_id, approval_right, user_id, held_since, vote_starts_at, granted_by, known_since)
    SELECT replace(m.org_id::text, '-', '') || ' delete_member_accounts ' || replace(m.user_id::text, '-', ''), m.org_id, 'delete_member_accounts',
           m.user_id, m.created_at, m.created_at, '[]'::jsonb, m.created_at
    FROM memberships m
    WHERE EXISTS (SELECT 1 FROM membership_roles h JOIN role_permissions p ON p.org_id = h.org_id AND p.role_key = h.role_key
                  WHERE h.org_id = m.org_id AND h.user_id = m.user_id AND p.permission = 'delete_member_accounts')
      AND NOT EXISTS (SELECT 1 FROM membership_roles h WHERE h.org_id = m.org_id AND h.user_id = m.user_id AND h.role_key = 'owner');
INSERT INTO approvers (approver_key, approval_right, user_id, held_since, vote_starts_at, granted_by, known_since)
    SELECT '- ' || r.word || ' ' || replace(u.id::text, '-', ''), r.word, u.id, u.created_at, u.created_at, '[]'::jsonb, u.created_at
    FROM users u CROSS JOIN (SELECT 'grant_platform_roles' AS word, 'platform_owner' AS one, 'platform_owner' AS other
                             UNION ALL SELECT 'delete_users', 'platform_owner', 'platform_manager') AS r
    WHERE EXISTS (SELECT 1 FROM platform_roles p WHERE p.user_id = u.id AND p.role_key IN (r.one, r.other));

-- The people who may be behind a request, as a JSON array of ids.
ALTER TABLE approvals ADD COLUMN requested_through jsonb NOT NULL DEFAULT '[]';
ALTER TABLE approvals ADD COLUMN is_approvable boolean NOT NULL DEFAULT true;
ALTER TABLE approvals ADD COLUMN course text NOT NULL DEFAULT 'needs_approval';
-- When the change is made unless somebody denies it, and when everybody concerned is reminded of that.
ALTER TABLE approvals ADD COLUMN settles_at timestamptz;
ALTER TABLE approvals ADD COLUMN reminds_at timestamptz;
CREATE INDEX approvals_to_settle ON approvals (settles_at) WHERE settles_at IS NOT NULL;
CREATE INDEX approvals_to_remind ON approvals (reminds_at) WHERE reminds_at IS NOT NULL;

-- The people responsible for an invitation when it was sent, as a JSON array of ids.
ALTER TABLE invitations ADD COLUMN sent_through jsonb NOT NULL DEFAULT '[]';
