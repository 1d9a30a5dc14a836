CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    user_agent text,
    address text,
    -- What has to be done before anything else, separated by commas.
    restrictions text NOT NULL DEFAULT ''
);
CREATE INDEX sessions_by_user ON sessions (user_id, id);
-- Expired rows, to be removed.
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX sessions_by_use ON sessions (last_used_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON sessions TO steward_app;

CREATE TABLE refresh_tokens (
    token_hash text PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    spent_at timestamptz
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON refresh_tokens TO steward_app;

CREATE TABLE one_time_tokens (
    id uuid PRIMARY KEY,
    purpose text NOT NULL,
    user_id uuid REFERENCES users (id),
    -- The only mailbox that the link was sent to; null: it was handed over in another way.
    mailed_to text,
    token_hash text NOT NULL CONSTRAINT one_time_tokens_hash_key UNIQUE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id, purpose);
-- Expired rows, to be removed.
CREATE INDEX one_time_tokens_by_end ON one_time_tokens (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_tokens TO steward_app;

CREATE TABLE two_factors (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    secret bytea NOT NULL,
    started_at timestamptz NOT NULL,
    enabled_at timestamptz,
    last_step bigint,
    -- Separated by spaces.
    recovery_hashes text NOT NULL,
    version bigint NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON two_factors TO steward_app;

-- Guesses at passwords and codes, saved before they are checked.
CREATE TABLE log_in_attempts (
    id uuid PRIMARY KEY,
    account_key text NOT NULL,
    -- The network known to the account that has a count of its own; '' where the account's own count is meant.
    known_network text NOT NULL,
    -- The network that is counted over all accounts; '' where none is.
    network text NOT NULL,
    attempted_at timestamptz NOT NULL,
    is_pending boolean NOT NULL
);
CREATE INDEX log_in_attempts_at_account ON log_in_attempts (account_key, known_network, attempted_at);
CREATE INDEX log_in_attempts_from_network ON log_in_attempts (network, attempted_at);
CREATE INDEX log_in_attempts_by_age ON log_in_attempts (attempted_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON log_in_attempts TO steward_app;

-- The networks that an account's owner has logged in from.
CREATE TABLE known_networks (
    user_id uuid NOT NULL REFERENCES users (id),
    network text NOT NULL,
    logged_in_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, network)
);
CREATE INDEX known_networks_by_age ON known_networks (logged_in_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON known_networks TO steward_app;
