-- What happened in an organization. The log is append-only (S001-44).
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
CREATE INDEX events_by_actor ON events (actor_id) WHERE actor_id IS NOT NULL;

GRANT SELECT, INSERT ON events TO steward_app;
ALTER TABLE events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY events_scope ON events USING (org_id = steward_org());

-- What happened to an account, in the name of an organization or of none. The history of an account is deleted only with the
-- account, or before it once its purge has started.
-- Keys are checked in the order of their creation: events of the person on their own account have to be deleted by `user_id`
-- before `actor_id` is checked.
CREATE TABLE account_events (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    org_id uuid REFERENCES orgs (id),
    kind text NOT NULL,
    actor_id uuid REFERENCES users (id),
    occurred_at timestamptz NOT NULL,
    request_id text NOT NULL,
    address text,
    user_agent text,
    reason text,
    changes jsonb NOT NULL
);
CREATE INDEX account_events_by_user ON account_events (user_id, occurred_at, id);
CREATE INDEX account_events_by_kind ON account_events (user_id, kind, occurred_at, id);
-- Acts on the accounts of others are found without reading those on the person's own account.
CREATE INDEX account_events_by_actor ON account_events (actor_id, user_id) WHERE actor_id IS NOT NULL;
-- What happened to an account in the name of one organization, and of that what is of one kind.
CREATE INDEX account_events_of_org ON account_events (user_id, org_id, occurred_at, id) WHERE org_id IS NOT NULL;
CREATE INDEX account_events_of_org_by_kind ON account_events (user_id, org_id, kind, occurred_at, id) WHERE org_id IS NOT NULL;

GRANT SELECT, INSERT ON account_events TO steward_app;
ALTER TABLE account_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY account_events_scope ON account_events
    USING (org_id = steward_org() OR steward_is_platform() OR (org_id IS NULL AND user_id = steward_user()));
CREATE POLICY account_events_of_person ON account_events FOR SELECT USING (user_id = steward_user());

-- The program's role can't delete from the log: this function does, with the privileges of the table's owner, for a deleted
-- account that is being purged. It returns the number of rows.
CREATE FUNCTION steward_purge_history(purged uuid, at_most bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    AS $$
DECLARE
    removed bigint := 0;
BEGIN
    IF EXISTS (SELECT FROM users u WHERE u.id = purged AND u.purge_started_at IS NOT NULL AND u.status = 'deleted') THEN
        DELETE FROM account_events e
            WHERE e.id = ANY (ARRAY(SELECT o.id FROM account_events o WHERE o.user_id = purged LIMIT at_most));
        GET DIAGNOSTICS removed = ROW_COUNT;
    END IF;
    RETURN removed;
END
$$;
REVOKE ALL ON FUNCTION steward_purge_history (uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward_purge_history (uuid, bigint) TO steward_app;

-- A function that runs with the rights of its owner searches temporary tables last. A search path that does not name `pg_temp`
-- has it first, so that a caller could make a temporary table of the same name, and the function would read that one.
-- CREATE OR REPLACE drops this setting, and has to be followed by the same statement.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION steward_purge_history (uuid, bigint) SET search_path = %I, pg_temp', current_schema());
END
$$;
