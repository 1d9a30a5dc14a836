-- Time since which an account is being purged, its history in transactions of bounded size. It is no longer shown.
ALTER TABLE users ADD COLUMN purge_started_at timestamptz;
CREATE INDEX users_to_purge ON users (purge_started_at) WHERE purge_started_at IS NOT NULL;

-- The history of an account is deleted only with the account, or before it once its purge has started. The program's role
-- can't delete from the log: this function does, with the privileges of the table's owner. It returns the number of rows.
CREATE FUNCTION steward_purge_history(purged uuid, at_most bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
DECLARE
    removed bigint := 0;
BEGIN
    IF EXISTS (SELECT FROM users u WHERE u.id = purged AND u.purge_started_at IS NOT NULL) THEN
        DELETE FROM account_events e
            WHERE e.id = ANY (ARRAY(SELECT o.id FROM account_events o WHERE o.user_id = purged LIMIT at_most));
        GET DIAGNOSTICS removed = ROW_COUNT;
    END IF;
    RETURN removed;
END
$$;
REVOKE ALL ON FUNCTION steward_purge_history (uuid, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward_purge_history (uuid, bigint) TO steward_app;

-- Acts on the accounts of others are found without reading those on the person's own account.
DROP INDEX account_events_by_actor;
CREATE INDEX account_events_by_actor ON account_events (actor_id, user_id) WHERE actor_id IS NOT NULL;

-- Whether a record that has to be retained names an account, in any organization: the program's role sees only one at a
-- time. The account's own rows are ignored. Every column has an index, and no table is read whole.
CREATE FUNCTION steward_is_recorded(account uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT SET enable_seqscan = off
    AS $$
    SELECT EXISTS (SELECT FROM tickets WHERE requester_id = account)
        OR EXISTS (SELECT FROM tickets WHERE created_by = account)
        OR EXISTS (SELECT FROM tickets WHERE assignee_id = account)
        OR EXISTS (SELECT FROM tickets WHERE approval_by = account)
        OR EXISTS (SELECT FROM messages WHERE author_id = account)
        OR EXISTS (SELECT FROM attachments WHERE uploader_id = account)
        OR EXISTS (SELECT FROM unattached_files WHERE uploader_id = account)
        OR EXISTS (SELECT FROM read_markers WHERE user_id = account)
        OR EXISTS (SELECT FROM events WHERE actor_id = account)
        OR EXISTS (SELECT FROM memberships WHERE user_id = account)
        OR EXISTS (SELECT FROM invitations WHERE inviter_id = account)
        OR EXISTS (SELECT FROM permission_requests WHERE user_id = account)
        OR EXISTS (SELECT FROM permission_requests WHERE decided_by = account)
        OR EXISTS (SELECT FROM membership_requests WHERE decided_by = account AND user_id < account)
        OR EXISTS (SELECT FROM membership_requests WHERE decided_by = account AND user_id > account)
        OR EXISTS (SELECT FROM membership_requests WHERE appeal_decided_by = account AND user_id < account)
        OR EXISTS (SELECT FROM membership_requests WHERE appeal_decided_by = account AND user_id > account)
        OR EXISTS (SELECT FROM approvals WHERE requested_by = account AND subject_id < account)
        OR EXISTS (SELECT FROM approvals WHERE requested_by = account AND subject_id > account)
        OR EXISTS (SELECT FROM approvals WHERE decided_by = account AND subject_id < account)
        OR EXISTS (SELECT FROM approvals WHERE decided_by = account AND subject_id > account)
        OR EXISTS (SELECT FROM account_events WHERE actor_id = account AND user_id < account)
        OR EXISTS (SELECT FROM account_events WHERE actor_id = account AND user_id > account)
$$;
REVOKE ALL ON FUNCTION steward_is_recorded (uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward_is_recorded (uuid) TO steward_app;

-- The function reads only these columns. The policy compares the name of its role, since a policy also applies to members
-- of a role: the owner of the tables is one, and must see no row.
GRANT SELECT (requester_id, created_by, assignee_id, approval_by) ON tickets TO steward_search;
CREATE POLICY tickets_by_function ON tickets FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (author_id) ON messages TO steward_search;
CREATE POLICY messages_by_function ON messages FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (uploader_id) ON attachments TO steward_search;
CREATE POLICY attachments_by_function ON attachments FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (uploader_id) ON unattached_files TO steward_search;
CREATE POLICY unattached_files_by_function ON unattached_files FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (user_id) ON read_markers TO steward_search;
CREATE POLICY read_markers_by_function ON read_markers FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (actor_id) ON events TO steward_search;
CREATE POLICY events_by_function ON events FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (user_id) ON memberships TO steward_search;
CREATE POLICY memberships_by_function ON memberships FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (inviter_id) ON invitations TO steward_search;
CREATE POLICY invitations_by_function ON invitations FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (user_id, decided_by) ON permission_requests TO steward_search;
CREATE POLICY permission_requests_by_function ON permission_requests FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (decided_by, appeal_decided_by, user_id) ON membership_requests TO steward_search;
CREATE POLICY membership_requests_by_function ON membership_requests FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (requested_by, decided_by, subject_id) ON approvals TO steward_search;
CREATE POLICY approvals_by_function ON approvals FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT (actor_id, user_id) ON account_events TO steward_search;
CREATE POLICY account_events_by_function ON account_events FOR SELECT TO steward_search USING (current_user = 'steward_search');

-- A function's new owner needs CREATE on its schema, only for this statement.
DO $$
BEGIN
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO steward_search', current_schema());
    ALTER FUNCTION steward_is_recorded (uuid) OWNER TO steward_search;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM steward_search', current_schema());
END
$$;
