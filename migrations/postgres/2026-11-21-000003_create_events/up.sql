CREATE TABLE events (
    org_id uuid NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    actor_id uuid REFERENCES users (id),
    visibility text NOT NULL,
    occurred_at timestamptz NOT NULL,
    request_id text NOT NULL,
    changes jsonb NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT events_seq_key UNIQUE (org_id, seq)
);
CREATE INDEX events_by_subject ON events (org_id, subject_id, seq);

-- The log is append-only.
GRANT SELECT, INSERT ON events TO steward_app;

ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY events_scope ON events USING (org_id = steward_org());
