-- Only a deleted account is purged. The history of any other account can't be removed.
CREATE OR REPLACE FUNCTION steward_purge_history(purged uuid, at_most bigint) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
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
