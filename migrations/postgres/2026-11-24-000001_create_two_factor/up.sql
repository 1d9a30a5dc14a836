CREATE TABLE two_factors (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    secret bytea NOT NULL,
    started_at timestamptz NOT NULL,
    enabled_at timestamptz,
    last_step bigint,
    recovery_hashes text NOT NULL,
    version bigint NOT NULL
);
ALTER TABLE roles ADD COLUMN requires_two_factor boolean NOT NULL DEFAULT false;
ALTER TABLE platform_settings ADD COLUMN requires_two_factor boolean NOT NULL DEFAULT false;
GRANT SELECT, INSERT, UPDATE, DELETE ON two_factors TO steward_app;
