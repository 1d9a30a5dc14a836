CREATE TABLE one_time_tokens (
    id blob PRIMARY KEY,
    purpose text NOT NULL,
    user_id blob REFERENCES users (id),
    email text,
    token_hash text NOT NULL CONSTRAINT one_time_tokens_hash_key UNIQUE,
    created_at text NOT NULL,
    expires_at text NOT NULL,
    used_at text
) STRICT;
CREATE INDEX one_time_tokens_by_user ON one_time_tokens (user_id, purpose);

CREATE TABLE account_requests (
    id blob PRIMARY KEY,
    kind text NOT NULL,
    email text NOT NULL,
    payload text NOT NULL,
    address text NOT NULL,
    created_at text NOT NULL
) STRICT;
CREATE INDEX account_requests_by_age ON account_requests (created_at, id);

CREATE TABLE account_events (
    id blob PRIMARY KEY,
    user_id blob NOT NULL REFERENCES users (id),
    org_id blob REFERENCES orgs (id),
    kind text NOT NULL,
    actor_id blob REFERENCES users (id),
    occurred_at text NOT NULL,
    request_id text NOT NULL,
    address text,
    user_agent text,
    reason text,
    changes text NOT NULL
) STRICT;
CREATE INDEX account_events_by_user ON account_events (user_id, occurred_at, id);

CREATE TABLE platform_settings (
    id integer PRIMARY KEY CHECK (id = 1),
    requires_invitation integer NOT NULL,
    default_locale text NOT NULL,
    time_zone text NOT NULL,
    grace_days integer NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL
) STRICT;

CREATE TABLE agreements (
    agreement_key text NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    url text NOT NULL,
    published_at text NOT NULL,
    PRIMARY KEY (agreement_key, version)
) STRICT;

CREATE TABLE consents (
    user_id blob NOT NULL REFERENCES users (id),
    agreement_key text NOT NULL,
    version integer NOT NULL,
    accepted_at text NOT NULL,
    PRIMARY KEY (user_id, agreement_key, version),
    FOREIGN KEY (agreement_key, version) REFERENCES agreements (agreement_key, version)
) STRICT;

INSERT INTO platform_settings (id, requires_invitation, default_locale, time_zone, grace_days, updated_at, version)
    VALUES (1, 1, 'en', 'UTC', 30, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), 1);

-- Set-up links become one kind of one-time token; those that were sent remain valid.
INSERT INTO one_time_tokens (id, purpose, user_id, token_hash, created_at, expires_at, used_at)
    SELECT randomblob(16), 'set_up_account', user_id, token_hash, expires_at, expires_at, used_at FROM account_setups;
DROP TABLE account_setups;

ALTER TABLE users ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC';
ALTER TABLE users ADD COLUMN locked_until text;
ALTER TABLE users ADD COLUMN suspension_reason text;
ALTER TABLE users ADD COLUMN suspended_until text;
ALTER TABLE users ADD COLUMN status_before_deletion text;
ALTER TABLE users ADD COLUMN deletion_due_at text;
ALTER TABLE users ADD COLUMN temporary_password_until text;
ALTER TABLE users ADD COLUMN version integer NOT NULL DEFAULT 1;
ALTER TABLE sessions ADD COLUMN restrictions text NOT NULL DEFAULT '';
