-- Functions that run with the rights of their owner search temporary tables last. A search path that does not name `pg_temp` has
-- it first, so that a caller could make a temporary table of the same name, and the function would read that one.
-- A later CREATE OR REPLACE has to set the path in the same way: FROM CURRENT would leave `pg_temp` out again.
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
