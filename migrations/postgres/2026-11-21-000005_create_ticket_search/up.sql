-- The different words of each ticket, once as readable text and once as an index. `o:<organization>` separates the
-- tenants inside it.
CREATE TABLE ticket_search (
    doc_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    org_id uuid NOT NULL,
    ticket_id uuid NOT NULL,
    public_words text NOT NULL,
    staff_words text NOT NULL,
    public_vector tsvector NOT NULL GENERATED ALWAYS AS (
        array_to_tsvector(array_append(array_remove(string_to_array(public_words, ' '), ''), 'o:' || org_id::text))
    ) STORED,
    staff_vector tsvector NOT NULL GENERATED ALWAYS AS (
        array_to_tsvector(array_append(array_remove(string_to_array(public_words || staff_words, ' '), ''), 'o:' || org_id::text))
    ) STORED,
    UNIQUE (org_id, ticket_id),
    FOREIGN KEY (org_id, ticket_id) REFERENCES tickets (org_id, id)
);
CREATE INDEX ticket_search_public ON ticket_search USING gin (public_vector);
CREATE INDEX ticket_search_staff ON ticket_search USING gin (staff_vector);

GRANT SELECT, INSERT, UPDATE, DELETE ON ticket_search TO steward_app;
ALTER TABLE ticket_search ENABLE ROW LEVEL SECURITY;
ALTER TABLE ticket_search FORCE ROW LEVEL SECURITY;
CREATE POLICY ticket_search_scope ON ticket_search TO steward_app USING (org_id = steward_org());

-- Under a policy the match operator, which is not leakproof, would run on every row of the tenant; this function reads
-- the index first. The organization is part of its search.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'steward_search') THEN
        CREATE ROLE steward_search NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of the same server created it first
END
$$;

DO $$
BEGIN
    EXECUTE format('GRANT steward_search TO %I', current_user);
EXCEPTION WHEN insufficient_privilege OR unique_violation OR internal_error THEN
    NULL; -- another session has granted it, or does so at this moment
END
$$;

CREATE POLICY ticket_search_by_function ON ticket_search FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT ON ticket_search TO steward_search;

CREATE FUNCTION steward_search_candidates(query text, for_staff boolean, at_most bigint) RETURNS TABLE (found_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT
    AS $$
DECLARE
    org uuid := steward_org();
    wanted tsquery := ('''o:' || org::text || '''' || query)::tsquery;
BEGIN
    IF for_staff THEN
        RETURN QUERY SELECT s.ticket_id FROM ticket_search s WHERE s.staff_vector @@ wanted AND s.org_id = org LIMIT at_most;
    ELSE
        RETURN QUERY SELECT s.ticket_id FROM ticket_search s WHERE s.public_vector @@ wanted AND s.org_id = org LIMIT at_most;
    END IF;
END
$$;

-- A function's new owner needs CREATE on its schema, only for this statement.
DO $$
BEGIN
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO steward_search', current_schema());
    ALTER FUNCTION steward_search_candidates (text, boolean, bigint) OWNER TO steward_search;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM steward_search', current_schema());
END
$$;
