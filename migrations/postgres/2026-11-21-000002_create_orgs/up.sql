CREATE TABLE orgs (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    slug text NOT NULL CONSTRAINT orgs_slug_key UNIQUE,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX orgs_by_age ON orgs (created_at, id);

CREATE TABLE org_counters (
    org_id uuid PRIMARY KEY REFERENCES orgs (id),
    last_ticket_number bigint NOT NULL,
    last_event_seq bigint NOT NULL,
    members_revision bigint NOT NULL,
    stored_bytes bigint NOT NULL
);

CREATE TABLE locations (
    org_id uuid NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    name text NOT NULL,
    address text,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT locations_name_key UNIQUE (org_id, name)
);

CREATE TABLE roles (
    org_id uuid NOT NULL REFERENCES orgs (id),
    role_key text NOT NULL,
    name text NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, role_key)
);

CREATE TABLE role_permissions (
    org_id uuid NOT NULL,
    role_key text NOT NULL,
    permission text NOT NULL,
    PRIMARY KEY (org_id, role_key, permission),
    FOREIGN KEY (org_id, role_key) REFERENCES roles (org_id, role_key)
);

CREATE TABLE memberships (
    org_id uuid NOT NULL REFERENCES orgs (id),
    user_id uuid NOT NULL REFERENCES users (id),
    ticket_scope text NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id, org_id);
CREATE INDEX memberships_by_age ON memberships (org_id, created_at, user_id);

CREATE TABLE membership_roles (
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_key text NOT NULL,
    PRIMARY KEY (org_id, user_id, role_key),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, role_key) REFERENCES roles (org_id, role_key)
);
CREATE INDEX membership_roles_by_role ON membership_roles (org_id, role_key);

CREATE TABLE membership_locations (
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    location_id uuid NOT NULL,
    PRIMARY KEY (org_id, user_id, location_id),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, location_id) REFERENCES locations (org_id, id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON orgs, org_counters, locations, roles, role_permissions, memberships, membership_roles, membership_locations TO steward_app;

ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE memberships FORCE ROW LEVEL SECURITY;
CREATE POLICY memberships_scope ON memberships USING (org_id = steward_org() OR user_id = steward_user() OR steward_is_platform());

ALTER TABLE orgs ENABLE ROW LEVEL SECURITY;
ALTER TABLE orgs FORCE ROW LEVEL SECURITY;
CREATE POLICY orgs_scope ON orgs USING (id = steward_org() OR steward_is_platform() OR EXISTS (SELECT FROM memberships m WHERE m.org_id = orgs.id AND m.user_id = steward_user()));

ALTER TABLE org_counters ENABLE ROW LEVEL SECURITY;
ALTER TABLE org_counters FORCE ROW LEVEL SECURITY;
CREATE POLICY org_counters_scope ON org_counters USING (org_id = steward_org() OR steward_is_platform());

ALTER TABLE locations ENABLE ROW LEVEL SECURITY;
ALTER TABLE locations FORCE ROW LEVEL SECURITY;
CREATE POLICY locations_scope ON locations USING (org_id = steward_org() OR steward_is_platform());

ALTER TABLE roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
CREATE POLICY roles_scope ON roles USING (org_id = steward_org() OR steward_is_platform() OR EXISTS (SELECT FROM memberships m WHERE m.org_id = roles.org_id AND m.user_id = steward_user()));

ALTER TABLE role_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE role_permissions FORCE ROW LEVEL SECURITY;
CREATE POLICY role_permissions_scope ON role_permissions USING (org_id = steward_org() OR steward_is_platform() OR EXISTS (SELECT FROM memberships m WHERE m.org_id = role_permissions.org_id AND m.user_id = steward_user()));

ALTER TABLE membership_roles ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership_roles FORCE ROW LEVEL SECURITY;
CREATE POLICY membership_roles_scope ON membership_roles USING (org_id = steward_org() OR user_id = steward_user() OR steward_is_platform());

ALTER TABLE membership_locations ENABLE ROW LEVEL SECURITY;
ALTER TABLE membership_locations FORCE ROW LEVEL SECURITY;
CREATE POLICY membership_locations_scope ON membership_locations USING (org_id = steward_org() OR user_id = steward_user() OR steward_is_platform());
