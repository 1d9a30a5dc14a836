CREATE TABLE orgs (
    id blob PRIMARY KEY,
    name text NOT NULL,
    slug text NOT NULL CONSTRAINT orgs_slug_key UNIQUE,
    is_active integer NOT NULL,
    created_at text NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL,
    joining_mode text NOT NULL DEFAULT 'invitation_only',
    ticket_openers text NOT NULL DEFAULT 'members',
    -- Days from a deletion request to the deletion; null: those of the platform.
    grace_days integer CHECK (grace_days BETWEEN 0 AND 90)
) STRICT;
CREATE INDEX orgs_by_age ON orgs (created_at, id);

-- Counted up in the transaction of a change, so that changes wait for one another. `members_revision` has no other use.
CREATE TABLE org_counters (
    org_id blob PRIMARY KEY REFERENCES orgs (id),
    last_ticket_number integer NOT NULL,
    last_event_seq integer NOT NULL,
    members_revision integer NOT NULL,
    stored_bytes integer NOT NULL
) STRICT;

CREATE TABLE locations (
    org_id blob NOT NULL REFERENCES orgs (id),
    id blob NOT NULL,
    name text NOT NULL,
    address text,
    is_active integer NOT NULL,
    created_at text NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT locations_name_key UNIQUE (org_id, name)
) STRICT;
