-- Existing organizations get the roles of new ones.
SELECT set_config('app.is_platform', 'on', true);
INSERT INTO roles (org_id, role_key, name, updated_at, version) SELECT id, 'community_member', 'Community member', now(), 1 FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'community_member', 'create_tickets' FROM orgs;
INSERT INTO roles (org_id, role_key, name, updated_at, version) SELECT id, 'community_facilitator', 'Community facilitator', now(), 1 FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'community_facilitator', 'create_tickets' FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'community_facilitator', 'manage_tickets' FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'community_facilitator', 'view_members' FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'community_facilitator', 'invite_members' FROM orgs;
INSERT INTO roles (org_id, role_key, name, updated_at, version) SELECT id, 'community_governance_council', 'Community governance council', now(), 1 FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'community_governance_council', 'create_tickets' FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'community_governance_council', 'view_members' FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'community_governance_council', 'view_member_activity' FROM orgs;
INSERT INTO role_permissions (org_id, role_key, permission) SELECT id, 'community_governance_council', 'suspend_members' FROM orgs;
