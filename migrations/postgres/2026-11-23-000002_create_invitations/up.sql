CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    org_id uuid REFERENCES orgs (id),
    email text NOT NULL,
    platform_role text,
    roles jsonb NOT NULL,
    location_ids jsonb NOT NULL,
    offered text NOT NULL,
    locale text NOT NULL,
    valid_from timestamptz NOT NULL,
    valid_until timestamptz NOT NULL,
    greeting text,
    purpose text,
    extra jsonb NOT NULL,
    inviter_id uuid NOT NULL REFERENCES users (id),
    generation integer NOT NULL,
    code_hash text NOT NULL CONSTRAINT invitations_code_key UNIQUE,
    last_sent_at timestamptz NOT NULL,
    batch_id uuid,
    claimed_by uuid,
    reminded_at timestamptz,
    follow_up_ticket_id uuid,
    decision text,
    decided_at timestamptz,
    accepted_by uuid,
    is_open boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL
);
-- One open invitation per address: in an organization, and in the platform.
CREATE UNIQUE INDEX invitations_open_in_org_key ON invitations (org_id, email) WHERE is_open AND org_id IS NOT NULL;
CREATE UNIQUE INDEX invitations_open_key ON invitations (email) WHERE is_open AND org_id IS NULL;
CREATE INDEX invitations_of_org ON invitations (org_id, created_at, id);
CREATE INDEX invitations_by_claim ON invitations (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX invitations_to_remind ON invitations (valid_until) WHERE is_open AND reminded_at IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO steward_app;
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY invitations_scope ON invitations USING (org_id = steward_org() OR steward_is_platform());
