SELECT set_config('app.is_platform', 'on', true);
ALTER TABLE orgs ADD COLUMN joining_mode text NOT NULL DEFAULT 'invitation_only';
ALTER TABLE orgs ADD COLUMN ticket_openers text NOT NULL DEFAULT 'members';
ALTER TABLE tickets ADD COLUMN approval text;
ALTER TABLE tickets ADD COLUMN approval_by uuid REFERENCES users (id);
ALTER TABLE tickets ADD COLUMN approval_at timestamptz;
-- For the lists of representatives.
CREATE INDEX tickets_by_approval ON tickets (org_id, approval, created_at, id) WHERE approval IS NOT NULL;

CREATE TABLE membership_requests (
    org_id uuid NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    status text NOT NULL,
    message text,
    requested_at timestamptz NOT NULL,
    is_approved boolean,
    reason text,
    decided_by uuid REFERENCES users (id),
    decided_at timestamptz,
    appeal text,
    appealed_at timestamptz,
    appeal_is_approved boolean,
    appeal_reason text,
    appeal_decided_by uuid REFERENCES users (id),
    appeal_decided_at timestamptz,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX membership_requests_by_user ON membership_requests (user_id, id);
-- One pending request at a time.
CREATE UNIQUE INDEX membership_requests_open_key ON membership_requests (org_id, user_id) WHERE status IN ('pending', 'appealed');

GRANT SELECT, INSERT, UPDATE, DELETE ON membership_requests TO steward_app;
ALTER TABLE membership_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY membership_requests_scope ON membership_requests USING (org_id = steward_org() OR steward_is_platform());

-- A custom role with one of the new keys is renamed.
INSERT INTO roles (org_id, role_key, name, updated_at, version) SELECT org_id, 'own_guest', name, updated_at, version FROM roles WHERE role_key = 'guest';
INSERT INTO role_permissions (org_id, role_key, permission) SELECT org_id, 'own_guest', permission FROM role_permissions WHERE role_key = 'guest';
UPDATE membership_roles SET role_key = 'own_guest' WHERE role_key = 'guest';
UPDATE invitations SET offered = replace(offered, ' guest ', ' own_guest '), roles = replace(roles::text, '"guest"', '"own_guest"')::jsonb WHERE offered LIKE '% guest %';
UPDATE permission_requests SET requested_role = 'own_guest' WHERE requested_role = 'guest';
DELETE FROM role_permissions WHERE role_key = 'guest';
DELETE FROM roles WHERE role_key = 'guest';
INSERT INTO roles (org_id, role_key, name, updated_at, version) SELECT org_id, 'own_representative', name, updated_at, version FROM roles WHERE role_key = 'representative';
INSERT INTO role_permissions (org_id, role_key, permission) SELECT org_id, 'own_representative', permission FROM role_permissions WHERE role_key = 'representative';
UPDATE membership_roles SET role_key = 'own_representative' WHERE role_key = 'representative';
UPDATE invitations SET offered = replace(offered, ' representative ', ' own_representative '), roles = replace(roles::text, '"representative"', '"own_representative"')::jsonb WHERE offered LIKE '% representative %';
UPDATE permission_requests SET requested_role = 'own_representative' WHERE requested_role = 'representative';
DELETE FROM role_permissions WHERE role_key = 'representative';
DELETE FROM roles WHERE role_key = 'representative';
-- Existing organizations get the roles of new ones, and roles with similar permissions get the new permissions.
INSERT INTO roles (org_id, role_key, name, updated_at, version) SELECT id, 'guest', 'Guest', now(), 1 FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'guest', 'create_tickets' FROM orgs;
INSERT INTO roles (org_id, role_key, name, updated_at, version) SELECT id, 'representative', 'Representative', now(), 1 FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'representative', 'create_tickets' FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'representative', 'approve_tickets' FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'representative', 'view_members' FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT org_id, role_key, 'decide_membership_requests' FROM role_permissions WHERE permission = 'invite_members' AND role_key <> 'owner';
INSERT INTO role_permissions (org_id, role_key, permission) SELECT org_id, 'community_governance_council', 'decide_membership_requests' FROM roles r WHERE role_key = 'community_governance_council' AND NOT EXISTS (SELECT 1 FROM role_permissions p WHERE p.org_id = r.org_id AND p.role_key = r.role_key AND p.permission = 'decide_membership_requests');
INSERT INTO role_permissions (org_id, role_key, permission) SELECT org_id, role_key, 'approve_tickets' FROM role_permissions WHERE permission = 'manage_tickets' AND role_key NOT IN ('owner', 'representative');
