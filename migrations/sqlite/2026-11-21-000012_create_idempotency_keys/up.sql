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
