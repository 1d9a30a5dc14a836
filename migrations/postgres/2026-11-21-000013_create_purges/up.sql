-- Whether a record that has to be retained names an account, in any organization: the program's role sees only one at a
-- time. The account's own rows are ignored. Every column has an index, and no table is read whole.
CREATE FUNCTION steward_is_recorded(account uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET enable_seqscan = off
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

-- The function reads only these columns. The policies compare the name of their role, as that of `ticket_search` does.
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

-- The function searches temporary tables last, as `steward_purge_history` does. A function's new owner needs CREATE on its
-- schema, only for this statement.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION steward_is_recorded (uuid) SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO steward_search', current_schema());
    ALTER FUNCTION steward_is_recorded (uuid) OWNER TO steward_search;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM steward_search', current_schema());
END
$$;
