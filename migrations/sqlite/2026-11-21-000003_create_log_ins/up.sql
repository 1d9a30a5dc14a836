CREATE TABLE sessions (
    id blob PRIMARY KEY,
    user_id blob NOT NULL REFERENCES users (id),
    created_at text NOT NULL,
    last_used_at text NOT NULL,
    expires_at text NOT NULL,
    user_agent text,
    address text,
    -- What has to be done before anything else, separated by commas.
    restrictions text NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id, id);
-- Expired rows, to be removed.
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX sessions_by_use ON sessions (last_used_at);

CREATE TABLE refresh_tokens (
    token_hash text PRIMARY KEY,
    session_id blob NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    spent_at text
) STRICT;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE one_time_tokens (
    id blob PRIMARY KEY,
    purpose text NOT NULL,
    user_id blob REFERENCES users (id),
    -- The only mailbox that the link was sent to; null: it was handed over in another way.
    mailed_to text,
    token_hash text NOT NULL CONSTRAINT one_time_tokens_hash_key UNIQUE,
    created_at text NOT NULL,
    expires_at text NOT NULL,
    used_at text
) STRICT;
CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id, purpose);
-- Expired rows, to be removed.
CREATE INDEX one_time_tokens_by_end ON one_time_tokens (expires_at);

CREATE TABLE two_factors (
    user_id blob PRIMARY KEY REFERENCES users (id),
    secret blob NOT NULL,
    started_at text NOT NULL,
    enabled_at text,
    last_step integer,
    -- Separated by spaces.
    recovery_hashes text NOT NULL,
    version integer NOT NULL
) STRICT;

-- Guesses at passwords and codes, saved before they are checked.
CREATE TABLE log_in_attempts (
    id blob PRIMARY KEY,
    account_key text NOT NULL,
    -- The network known to the account that has a count of its own; '' where the account's own count is meant.
    known_network text NOT NULL,
    -- The network that is counted over all accounts; '' where none is.
    network text NOT NULL,
    attempted_at text NOT NULL,
    is_pending integer NOT NULL
) STRICT;
CREATE INDEX log_in_attempts_at_account ON log_in_attempts (account_key, known_network, attempted_at);
CREATE INDEX log_in_attempts_from_network ON log_in_attempts (network, attempted_at);
CREATE INDEX log_in_attempts_by_age ON log_in_attempts (attempted_at);

-- The networks that an account's owner has logged in from.
CREATE TABLE known_networks (
    user_id blob NOT NULL REFERENCES users (id),
    network text NOT NULL,
    logged_in_at text NOT NULL,
    PRIMARY KEY (user_id, network)
) STRICT;
CREATE INDEX known_networks_by_age ON known_networks (logged_in_at);
