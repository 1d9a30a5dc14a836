CREATE TABLE two_factors (
    user_id blob PRIMARY KEY REFERENCES users (id),
    secret blob NOT NULL,
    started_at text NOT NULL,
    enabled_at text,
    last_step integer,
    recovery_hashes text NOT NULL,
    version integer NOT NULL
) STRICT;
ALTER TABLE roles ADD COLUMN requires_two_factor integer NOT NULL DEFAULT 0;
ALTER TABLE platform_settings ADD COLUMN requires_two_factor integer NOT NULL DEFAULT 0;
