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
ALTER TABLE ticket_search ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY ticket_search_scope ON ticket_search TO steward_app USING (org_id = steward_org());

-- Under a policy the match operator, which is not leakproof, would run on every row of the tenant; this function reads
-- the index first. The organization is part of its search.
CREATE FUNCTION steward_search_candidates(query text, for_staff boolean, at_most bigint) RETURNS TABLE (found_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
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

REVOKE ALL ON FUNCTION steward_search_candidates (text, boolean, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION steward_search_candidates (text, boolean, bigint) TO steward_app;

-- The policy compares the name of its role, since a policy also applies to members of a role: the owner of the tables is one,
-- and must see no row.
CREATE POLICY ticket_search_by_function ON ticket_search FOR SELECT TO steward_search USING (current_user = 'steward_search');
GRANT SELECT ON ticket_search TO steward_search;

-- The function searches temporary tables last, as `steward_purge_history` does. A function's new owner needs CREATE on its
-- schema, only for this statement.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION steward_search_candidates (text, boolean, bigint) SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('GRANT CREATE ON SCHEMA %I TO steward_search', current_schema());
    ALTER FUNCTION steward_search_candidates (text, boolean, bigint) OWNER TO steward_search;
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM steward_search', current_schema());
END
$$;
