CREATE TABLE roles (
    org_id blob NOT NULL REFERENCES orgs (id),
    role_key text NOT NULL,
    name text NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL,
    requires_two_factor integer NOT NULL DEFAULT 0,
    PRIMARY KEY (org_id, role_key)
) STRICT;

CREATE TABLE role_permissions (
    org_id blob NOT NULL,
    role_key text NOT NULL,
    permission text NOT NULL,
    PRIMARY KEY (org_id, role_key, permission),
    FOREIGN KEY (org_id, role_key) REFERENCES roles (org_id, role_key)
) STRICT;

CREATE TABLE memberships (
    org_id blob NOT NULL REFERENCES orgs (id),
    user_id blob NOT NULL REFERENCES users (id),
    ticket_scope text NOT NULL,
    is_active integer NOT NULL,
    created_at text NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL,
    suspension_reason text,
    suspended_until text,
    -- What the organization entered when it added a person with an account; it sees no more until the membership is claimed.
    unclaimed_email text,
    unclaimed_name text CHECK ((unclaimed_name IS NULL) = (unclaimed_email IS NULL)),
    -- The name and address of a member as shown to the organization: what it entered while the membership is unclaimed, else
    -- the account's own. Members are sorted by both; the values come from two tables, and no index covers two tables.
    shown_name text NOT NULL DEFAULT '',
    shown_email text NOT NULL DEFAULT '',
    PRIMARY KEY (org_id, user_id)
) STRICT;
CREATE INDEX memberships_by_user ON memberships (user_id, org_id);
CREATE INDEX memberships_by_age ON memberships (org_id, created_at, user_id);
CREATE INDEX memberships_to_lift ON memberships (suspended_until) WHERE suspended_until IS NOT NULL;
CREATE INDEX memberships_by_shown_name ON memberships (org_id, shown_name, user_id);
CREATE INDEX memberships_by_shown_email ON memberships (org_id, shown_email, user_id);

CREATE TABLE membership_roles (
    org_id blob NOT NULL,
    user_id blob NOT NULL,
    role_key text NOT NULL,
    PRIMARY KEY (org_id, user_id, role_key),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, role_key) REFERENCES roles (org_id, role_key)
) STRICT;
-- The memberships of a person, across organizations.
CREATE INDEX membership_roles_by_user ON membership_roles (user_id, org_id, role_key);
-- The holders of a role, in an order.
CREATE INDEX membership_roles_by_role ON membership_roles (org_id, role_key, user_id);

CREATE TABLE membership_locations (
    org_id blob NOT NULL,
    user_id blob NOT NULL,
    location_id blob NOT NULL,
    PRIMARY KEY (org_id, user_id, location_id),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, location_id) REFERENCES locations (org_id, id)
) STRICT;
CREATE INDEX membership_locations_by_user ON membership_locations (user_id, org_id, location_id);
