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

GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO steward_app;
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY idempotency_keys_scope ON idempotency_keys USING (user_id = steward_user() OR steward_is_platform());
