-- What happened in an organization. The log is append-only (S001-44).
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
CREATE INDEX events_by_actor ON events (actor_id) WHERE actor_id IS NOT NULL;

-- A migration that recreates `events`, `account_events` or `users` has to drop these triggers before, and to create them after.
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;

-- What happened to an account, in the name of an organization or of none. The history of an account is deleted only with the
-- account, or before it once its purge has started.
CREATE TABLE account_events (
    id blob PRIMARY KEY,
    user_id blob NOT NULL REFERENCES users (id) ON DELETE CASCADE,
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
CREATE INDEX account_events_by_kind ON account_events (user_id, kind, occurred_at, id);
-- Acts on the accounts of others are found without reading those on the person's own account.
CREATE INDEX account_events_by_actor ON account_events (actor_id, user_id) WHERE actor_id IS NOT NULL;
-- What happened to an account in the name of one organization, and of that what is of one kind.
CREATE INDEX account_events_of_org ON account_events (user_id, org_id, occurred_at, id) WHERE org_id IS NOT NULL;
CREATE INDEX account_events_of_org_by_kind ON account_events (user_id, org_id, kind, occurred_at, id) WHERE org_id IS NOT NULL;

CREATE TRIGGER account_events_stay BEFORE UPDATE ON account_events BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
-- Only a deleted account is purged. The history of any other account can't be removed.
CREATE TRIGGER account_events_remain BEFORE DELETE ON account_events
WHEN EXISTS (SELECT 1 FROM users WHERE id = OLD.user_id AND (purge_started_at IS NULL OR status <> 'deleted'))
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
