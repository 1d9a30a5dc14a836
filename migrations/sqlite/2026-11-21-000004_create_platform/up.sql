-- One row.
CREATE TABLE platform_settings (
    id integer PRIMARY KEY CHECK (id = 1),
    requires_invitation integer NOT NULL,
    default_locale text NOT NULL,
    time_zone text NOT NULL,
    -- Days from a deletion request to the deletion.
    grace_days integer NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL,
    requires_two_factor integer NOT NULL DEFAULT 0
) STRICT;
INSERT INTO platform_settings (id, requires_invitation, default_locale, time_zone, grace_days, updated_at, version)
    VALUES (1, 1, 'en', 'UTC', 30, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), 1);

CREATE TABLE platform_roles (
    user_id blob NOT NULL REFERENCES users (id),
    role_key text NOT NULL,
    PRIMARY KEY (user_id, role_key)
) STRICT;
CREATE INDEX platform_roles_by_role ON platform_roles (role_key, user_id);

CREATE TABLE agreements (
    agreement_key text NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    url text NOT NULL,
    published_at text NOT NULL,
    PRIMARY KEY (agreement_key, version)
) STRICT;

CREATE TABLE consents (
    user_id blob NOT NULL REFERENCES users (id),
    agreement_key text NOT NULL,
    version integer NOT NULL,
    accepted_at text NOT NULL,
    PRIMARY KEY (user_id, agreement_key, version),
    FOREIGN KEY (agreement_key, version) REFERENCES agreements (agreement_key, version)
) STRICT;
