-- Row security is the second barrier between tenants: requests run as a role that owns nothing, and each transaction sets
-- its organization and person. An empty setting matches no row.
-- `steward_app` runs requests. `steward_search` owns the functions that read across these barriers, and nothing else.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['steward_app', 'steward_search'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database of the same server created it first
        END;
        BEGIN
            EXECUTE format('GRANT %I TO %I', wanted, current_user);
        EXCEPTION WHEN insufficient_privilege OR unique_violation OR internal_error THEN
            NULL; -- another session has granted it, or does so at this moment
        END;
    END LOOP;
END
$$;

CREATE FUNCTION steward_org() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('app.org_id', true), '')::uuid $$;
CREATE FUNCTION steward_user() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(current_setting('app.user_id', true), '')::uuid $$;
CREATE FUNCTION steward_is_platform() RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT coalesce(current_setting('app.is_platform', true), '') = 'on' $$;

CREATE TABLE orgs (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    slug text NOT NULL CONSTRAINT orgs_slug_key UNIQUE,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    joining_mode text NOT NULL DEFAULT 'invitation_only',
    ticket_openers text NOT NULL DEFAULT 'members',
    -- Days from a deletion request to the deletion; null: those of the platform.
    grace_days integer CHECK (grace_days BETWEEN 0 AND 90)
);
CREATE INDEX orgs_by_age ON orgs (created_at, id);

GRANT SELECT, INSERT, UPDATE, DELETE ON orgs TO steward_app;
-- Its policy names memberships, and is created with them.
ALTER TABLE orgs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- Counted up in the transaction of a change, so that changes wait for one another. `members_revision` has no other use.
CREATE TABLE org_counters (
    org_id uuid PRIMARY KEY REFERENCES orgs (id),
    last_ticket_number bigint NOT NULL,
    last_event_seq bigint NOT NULL,
    members_revision bigint NOT NULL,
    stored_bytes bigint NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON org_counters TO steward_app;
ALTER TABLE org_counters ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY org_counters_scope ON org_counters USING (org_id = steward_org() OR steward_is_platform());

CREATE TABLE locations (
    org_id uuid NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    name text NOT NULL,
    address text,
    is_active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT locations_name_key UNIQUE (org_id, name)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON locations TO steward_app;
ALTER TABLE locations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY locations_scope ON locations USING (org_id = steward_org() OR steward_is_platform());
