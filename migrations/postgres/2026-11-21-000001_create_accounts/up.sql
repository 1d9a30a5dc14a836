-- Row security is the second barrier between tenants: requests run as a role that owns nothing, and each transaction sets
-- its organization and person. An empty setting matches no row.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'steward_app') THEN
        CREATE ROLE steward_app NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of the same server created it first
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT steward_app TO %I', current_user);
EXCEPTION WHEN insufficient_privilege OR unique_violation OR internal_error THEN
    NULL; -- another session has granted it, or does so at this moment
END
$$;

CREATE FUNCTION steward_org() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('app.org_id', true), '')::uuid $$;
CREATE FUNCTION steward_user() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
CREATE FUNCTION steward_is_platform() RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT coalesce(current_setting('app.is_platform', true), '') = 'on' $$;

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL CONSTRAINT users_email_key UNIQUE,
    name text NOT NULL,
    locale text NOT NULL,
    password_hash text,
    status text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE platform_roles (
    user_id uuid NOT NULL REFERENCES users (id),
    role_key text NOT NULL,
    PRIMARY KEY (user_id, role_key)
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    user_agent text,
    address text
);
CREATE INDEX sessions_by_user ON sessions (user_id, id);

CREATE TABLE refresh_tokens (
    token_hash text PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    spent_at timestamptz
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE account_setups (
    token_hash text PRIMARY KEY,
    user_id uuid REFERENCES users (id),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX account_setups_by_user ON account_setups (user_id);

CREATE TABLE login_failures (
    id uuid PRIMARY KEY,
    account_key text NOT NULL,
    address text NOT NULL,
    occurred_at timestamptz NOT NULL
);
CREATE INDEX login_failures_by_account ON login_failures (account_key, occurred_at);
CREATE INDEX login_failures_by_address ON login_failures (address, occurred_at);

CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL REFERENCES users (id),
    method text NOT NULL,
    path text NOT NULL,
    idempotency_key text NOT NULL,
    fingerprint text NOT NULL,
    status integer,
    etag text,
    location text,
    body text,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, method, path, idempotency_key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON users, platform_roles, sessions, refresh_tokens, account_setups, login_failures, idempotency_keys TO steward_app;

ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_keys_scope ON idempotency_keys USING (user_id = steward_user() OR steward_is_platform());
