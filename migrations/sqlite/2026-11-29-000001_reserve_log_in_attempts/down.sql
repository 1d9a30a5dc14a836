DROP TABLE mail_pauses;
DROP TABLE known_networks;
DROP TABLE log_in_attempts;
CREATE TABLE login_failures (
    id blob PRIMARY KEY,
    account_key text NOT NULL,
    address text NOT NULL,
    occurred_at text NOT NULL
) STRICT;
CREATE INDEX login_failures_by_account ON login_failures (account_key, occurred_at);
CREATE INDEX login_failures_by_address ON login_failures (address, occurred_at);
