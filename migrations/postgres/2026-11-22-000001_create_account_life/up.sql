CREATE TABLE one_time_tokens (
    id uuid PRIMARY KEY,
    purpose text NOT NULL,
    user_id uuid REFERENCES users (id),
    email text,
    token_hash text NOT NULL CONSTRAINT one_time_tokens_hash_key UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id, purpose);

CREATE TABLE account_requests (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    email text NOT NULL,
    payload jsonb NOT NULL,
    address text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX account_requests_by_age ON account_requests (created_at, id);

CREATE TABLE account_events (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    org_id uuid REFERENCES orgs (id),
    kind text NOT NULL,
    actor_id uuid REFERENCES users (id),
    occurred_at timestamptz NOT NULL,
    request_id text NOT NULL,
    address text,
    user_agent text,
    reason text,
    changes jsonb NOT NULL
);
CREATE INDEX account_events_by_user ON account_events (user_id, occurred_at, id);

CREATE TABLE platform_settings (
    id integer PRIMARY KEY CHECK (id = 1),
    requires_invitation boolean NOT NULL,
    default_locale text NOT NULL,
    time_zone text NOT NULL,
    grace_days integer NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL
);

CREATE TABLE agreements (
    agreement_key text NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    url text NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (agreement_key, version)
);

CREATE TABLE consents (
    user_id uuid NOT NULL REFERENCES users (id),
    agreement_key text NOT NULL,
    version integer NOT NULL,
    accepted_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, agreement_key, version),
    FOREIGN KEY (agreement_key, version) REFERENCES agreements (agreement_key, version)
);

INSERT INTO platform_settings (id, requires_invitation, default_locale, time_zone, grace_days, updated_at, version)
    VALUES (1, true, 'en', 'UTC', 30, now(), 1);

-- Set-up links become one kind of one-time token; those that were sent remain valid.
INSERT INTO one_time_tokens (id, purpose, user_id, token_hash, created_at, expires_at, used_at)
    SELECT gen_random_uuid(), 'set_up_account', user_id, token_hash, expires_at, expires_at, used_at FROM account_setups;
DROP TABLE account_setups;

ALTER TABLE users ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC';
ALTER TABLE users ADD COLUMN locked_until timestamptz;
ALTER TABLE users ADD COLUMN suspension_reason text;
ALTER TABLE users ADD COLUMN suspended_until timestamptz;
ALTER TABLE users ADD COLUMN status_before_deletion text;
ALTER TABLE users ADD COLUMN deletion_due_at timestamptz;
ALTER TABLE users ADD COLUMN temporary_password_until timestamptz;
ALTER TABLE users ADD COLUMN version bigint NOT NULL DEFAULT 1;
ALTER TABLE sessions ADD COLUMN restrictions text NOT NULL DEFAULT '';

GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_tokens, account_requests, platform_settings, agreements, consents TO steward_app;
GRANT SELECT, INSERT ON account_events TO steward_app;

ALTER TABLE account_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_events FORCE ROW LEVEL SECURITY;
CREATE POLICY account_events_scope ON account_events USING (org_id = steward_org() OR steward_is_platform() OR user_id = steward_user());
