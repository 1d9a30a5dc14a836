-- Functions that run with the rights of their owner look for a table among the temporary ones of the session last. A path that does
-- not name `pg_temp` has it first: whoever calls the function could put a table of theirs before the real one.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['steward_search_candidates (text, boolean, bigint)', 'steward_is_recorded (uuid)', 'steward_purge_history (uuid, bigint)']
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', name, current_schema());
    END LOOP;
END
$$;
