CREATE TABLE invitations (
    id blob PRIMARY KEY,
    org_id blob REFERENCES orgs (id),
    email text NOT NULL,
    platform_role text,
    roles text NOT NULL,
    location_ids text NOT NULL,
    offered text NOT NULL,
    locale text NOT NULL,
    valid_from text NOT NULL,
    valid_until text NOT NULL,
    greeting text,
    purpose text,
    extra text NOT NULL,
    inviter_id blob NOT NULL REFERENCES users (id),
    generation integer NOT NULL,
    code_hash text NOT NULL CONSTRAINT invitations_code_key UNIQUE,
    last_sent_at text NOT NULL,
    batch_id blob,
    claimed_by blob,
    reminded_at text,
    follow_up_ticket_id blob,
    decision text,
    decided_at text,
    accepted_by blob,
    is_open integer NOT NULL,
    created_at text NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL
) STRICT;
-- One open invitation per address: in an organization, and in the platform.
CREATE UNIQUE INDEX invitations_open_in_org_key ON invitations (org_id, email) WHERE is_open AND org_id IS NOT NULL;
CREATE UNIQUE INDEX invitations_open_key ON invitations (email) WHERE is_open AND org_id IS NULL;
CREATE INDEX invitations_of_org ON invitations (org_id, created_at, id);
CREATE INDEX invitations_by_claim ON invitations (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX invitations_to_remind ON invitations (valid_until) WHERE is_open AND reminded_at IS NULL;

