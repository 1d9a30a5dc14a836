-- Guesses at passwords and codes, saved before they are checked.
DROP TABLE login_failures;
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

-- The networks that an account's owner has logged in from.
CREATE TABLE known_networks (
    user_id uuid NOT NULL REFERENCES users (id),
    network text NOT NULL,
    logged_in_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, network)
);
CREATE INDEX known_networks_by_age ON known_networks (logged_in_at);

-- Time of the last mail from a person to an address, by the hash of both.
CREATE TABLE mail_pauses (
    pause_key text PRIMARY KEY,
    mailed_at timestamptz NOT NULL
);
CREATE INDEX mail_pauses_by_age ON mail_pauses (mailed_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON log_in_attempts, known_networks, mail_pauses TO steward_app;
