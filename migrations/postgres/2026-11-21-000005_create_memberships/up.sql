CREATE TABLE roles (
    org_id uuid NOT NULL REFERENCES orgs (id),
    role_key text NOT NULL,
    name text NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    requires_two_factor boolean NOT NULL DEFAULT false,
    PRIMARY KEY (org_id, role_key)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON roles TO steward_app;

CREATE TABLE role_permissions (
    org_id uuid NOT NULL,
    role_key text NOT NULL,
    permission text NOT NULL,
    PRIMARY KEY (org_id, role_key, permission),
    FOREIGN KEY (org_id, role_key) REFERENCES roles (org_id, role_key)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON role_permissions TO steward_app;

CREATE TABLE memberships (
    org_id uuid NOT NULL REFERENCES orgs (id),
    user_id uuid NOT NULL REFERENCES users (id),
    ticket_scope text NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    suspension_reason text,
    suspended_until timestamptz,
    -- What the organization entered when it added a person with an account; it sees no more until the membership is claimed.
    unclaimed_email text,
    unclaimed_name text CHECK ((unclaimed_name IS NULL) = (unclaimed_email IS NULL)),
    -- The name and address of a member as shown to the organization: what it entered while the membership is unclaimed, else
    -- the account's own. Members are sorted by both; the values come from two tables, and no index covers two tables.
    shown_name text NOT NULL DEFAULT '',
    shown_email text NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id, org_id);
CREATE INDEX memberships_by_age ON memberships (org_id, created_at, user_id);
CREATE INDEX memberships_to_lift ON memberships (suspended_until) WHERE suspended_until IS NOT NULL;
CREATE INDEX memberships_by_shown_name ON memberships (org_id, shown_name, user_id);
CREATE INDEX memberships_by_shown_email ON memberships (org_id, shown_email, user_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON memberships TO steward_app;
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY memberships_scope ON memberships USING (org_id = steward_org() OR steward_is_platform());
-- A person sees the organizations they belong to, and their rights there, whichever organization the transaction names. They
-- change nothing in another one.
CREATE POLICY memberships_of_person ON memberships FOR SELECT USING (user_id = steward_user());

CREATE POLICY orgs_scope ON orgs USING (id = steward_org() OR steward_is_platform());
CREATE POLICY orgs_of_person ON orgs FOR SELECT
    USING (EXISTS (SELECT FROM memberships m WHERE m.org_id = orgs.id AND m.user_id = steward_user()));

ALTER TABLE roles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY roles_scope ON roles USING (org_id = steward_org() OR steward_is_platform());
CREATE POLICY roles_of_person ON roles FOR SELECT
    USING (EXISTS (SELECT FROM memberships m WHERE m.org_id = roles.org_id AND m.user_id = steward_user()));

ALTER TABLE role_permissions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY role_permissions_scope ON role_permissions USING (org_id = steward_org() OR steward_is_platform());
CREATE POLICY role_permissions_of_person ON role_permissions FOR SELECT
    USING (EXISTS (SELECT FROM memberships m WHERE m.org_id = role_permissions.org_id AND m.user_id = steward_user()));

CREATE TABLE membership_roles (
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    role_key text NOT NULL,
    PRIMARY KEY (org_id, user_id, role_key),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, role_key) REFERENCES roles (org_id, role_key)
);
-- The memberships of a person, across organizations.
CREATE INDEX membership_roles_by_user ON membership_roles (user_id, org_id, role_key);
-- The holders of a role, in an order.
CREATE INDEX membership_roles_by_role ON membership_roles (org_id, role_key, user_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON membership_roles TO steward_app;
ALTER TABLE membership_roles ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY membership_roles_scope ON membership_roles USING (org_id = steward_org() OR steward_is_platform());
CREATE POLICY membership_roles_of_person ON membership_roles FOR SELECT USING (user_id = steward_user());

CREATE TABLE membership_locations (
    org_id uuid NOT NULL,
    user_id uuid NOT NULL,
    location_id uuid NOT NULL,
    PRIMARY KEY (org_id, user_id, location_id),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, location_id) REFERENCES locations (org_id, id)
);
CREATE INDEX membership_locations_by_user ON membership_locations (user_id, org_id, location_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON membership_locations TO steward_app;
ALTER TABLE membership_locations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY membership_locations_scope ON membership_locations USING (org_id = steward_org() OR steward_is_platform());
CREATE POLICY membership_locations_of_person ON membership_locations FOR SELECT USING (user_id = steward_user());
