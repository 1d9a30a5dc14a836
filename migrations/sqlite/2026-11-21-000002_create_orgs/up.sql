CREATE TABLE orgs (
    id blob PRIMARY KEY,
    name text NOT NULL,
    slug text NOT NULL CONSTRAINT orgs_slug_key UNIQUE,
    is_active integer NOT NULL,
    created_at text NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL
) STRICT;
CREATE INDEX orgs_by_age ON orgs (created_at, id);

CREATE TABLE org_counters (
    org_id blob PRIMARY KEY REFERENCES orgs (id),
    last_ticket_number integer NOT NULL,
    last_event_seq integer NOT NULL,
    members_revision integer NOT NULL,
    stored_bytes integer NOT NULL
) STRICT;

CREATE TABLE locations (
    org_id blob NOT NULL REFERENCES orgs (id),
    id blob NOT NULL,
    name text NOT NULL,
    address text,
    is_active integer NOT NULL,
    created_at text NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT locations_name_key UNIQUE (org_id, name)
) STRICT;

CREATE TABLE roles (
    org_id blob NOT NULL REFERENCES orgs (id),
    role_key text NOT NULL,
    name text NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL,
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
    PRIMARY KEY (org_id, user_id)
) STRICT;
CREATE INDEX memberships_by_user ON memberships (user_id, org_id);
CREATE INDEX memberships_by_age ON memberships (org_id, created_at, user_id);

CREATE TABLE membership_roles (
    org_id blob NOT NULL,
    user_id blob NOT NULL,
    role_key text NOT NULL,
    PRIMARY KEY (org_id, user_id, role_key),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, role_key) REFERENCES roles (org_id, role_key)
) STRICT;
CREATE INDEX membership_roles_by_role ON membership_roles (org_id, role_key);

CREATE TABLE membership_locations (
    org_id blob NOT NULL,
    user_id blob NOT NULL,
    location_id blob NOT NULL,
    PRIMARY KEY (org_id, user_id, location_id),
    FOREIGN KEY (org_id, user_id) REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, location_id) REFERENCES locations (org_id, id)
) STRICT;
