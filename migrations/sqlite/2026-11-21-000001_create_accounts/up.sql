CREATE TABLE users (
    id blob PRIMARY KEY,
    email text NOT NULL CONSTRAINT users_email_key UNIQUE,
    name text NOT NULL,
    locale text NOT NULL,
    password_hash text,
    status text NOT NULL,
    created_at text NOT NULL,
    updated_at text NOT NULL
) STRICT;

CREATE TABLE platform_roles (
    user_id blob NOT NULL REFERENCES users (id),
    role_key text NOT NULL,
    PRIMARY KEY (user_id, role_key)
) STRICT;

CREATE TABLE sessions (
    id blob PRIMARY KEY,
    user_id blob NOT NULL REFERENCES users (id),
    created_at text NOT NULL,
    last_used_at text NOT NULL,
    expires_at text NOT NULL,
    user_agent text,
    address text
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id, id);

CREATE TABLE refresh_tokens (
    token_hash text PRIMARY KEY,
    session_id blob NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    spent_at text
) STRICT;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE account_setups (
    token_hash text PRIMARY KEY,
    user_id blob REFERENCES users (id),
    expires_at text NOT NULL,
    used_at text
) STRICT;
CREATE INDEX account_setups_by_user ON account_setups (user_id);

CREATE TABLE login_failures (
    id blob PRIMARY KEY,
    account_key text NOT NULL,
    address text NOT NULL,
    occurred_at text NOT NULL
) STRICT;
CREATE INDEX login_failures_by_account ON login_failures (account_key, occurred_at);
CREATE INDEX login_failures_by_address ON login_failures (address, occurred_at);

CREATE TABLE idempotency_keys (
    user_id blob NOT NULL REFERENCES users (id),
    method text NOT NULL,
    path text NOT NULL,
    idempotency_key text NOT NULL,
    fingerprint text NOT NULL,
    status integer,
    etag text,
    location text,
    body text,
    created_at text NOT NULL,
    PRIMARY KEY (user_id, method, path, idempotency_key)
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
