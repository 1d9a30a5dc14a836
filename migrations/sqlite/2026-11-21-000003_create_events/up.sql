CREATE TABLE events (
    org_id blob NOT NULL REFERENCES orgs (id),
    id blob NOT NULL,
    seq integer NOT NULL,
    kind text NOT NULL,
    subject_kind text NOT NULL,
    subject_id blob NOT NULL,
    actor_id blob REFERENCES users (id),
    visibility text NOT NULL,
    occurred_at text NOT NULL,
    request_id text NOT NULL,
    changes text NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT events_seq_key UNIQUE (org_id, seq)
) STRICT;
CREATE INDEX events_by_subject ON events (org_id, subject_id, seq);
