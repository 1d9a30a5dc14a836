-- One row.
CREATE TABLE platform_settings (
    id integer PRIMARY KEY CHECK (id = 1),
    requires_invitation boolean NOT NULL,
    default_locale text NOT NULL,
    time_zone text NOT NULL,
    -- Days from a deletion request to the deletion.
    grace_days integer NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    requires_two_factor boolean NOT NULL DEFAULT false
);
INSERT INTO platform_settings (id, requires_invitation, default_locale, time_zone, grace_days, updated_at, version)
    VALUES (1, true, 'en', 'UTC', 30, now(), 1);

GRANT SELECT, INSERT, UPDATE, DELETE ON platform_settings TO steward_app;

CREATE TABLE platform_roles (
    user_id uuid NOT NULL REFERENCES users (id),
    role_key text NOT NULL,
    PRIMARY KEY (user_id, role_key)
);
CREATE INDEX platform_roles_by_role ON platform_roles (role_key, user_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON platform_roles TO steward_app;

CREATE TABLE agreements (
    agreement_key text NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    url text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (agreement_key, version)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON agreements TO steward_app;

CREATE TABLE consents (
    user_id uuid NOT NULL REFERENCES users (id),
    agreement_key text NOT NULL,
    version integer NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, agreement_key, version),
    FOREIGN KEY (agreement_key, version) REFERENCES agreements (agreement_key, version)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON consents TO steward_app;
