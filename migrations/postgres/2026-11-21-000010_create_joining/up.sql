-- Invitations to an organization, or to the platform (`org_id` null).
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
    version bigint NOT NULL,
    -- Time of the acceptance, or the epoch if there was none: in a list by acceptance, those come first.
    accepted_at_or_epoch timestamptz NOT NULL
        GENERATED ALWAYS AS (CASE WHEN decision = 'accepted' THEN decided_at ELSE timestamptz '1970-01-01 00:00:00+00' END) STORED,
    -- The people responsible for the invitation when it was sent, as a JSON array of ids.
    sent_through jsonb NOT NULL DEFAULT '[]'
);
-- One open invitation per address: in an organization, and in the platform.
CREATE UNIQUE INDEX invitations_open_in_org_key ON invitations (org_id, email) WHERE is_open AND org_id IS NOT NULL;
CREATE UNIQUE INDEX invitations_open_key ON invitations (email) WHERE is_open AND org_id IS NULL;
CREATE INDEX invitations_by_claim ON invitations (claimed_by) WHERE claimed_by IS NOT NULL;
CREATE INDEX invitations_to_remind ON invitations (valid_until) WHERE is_open AND reminded_at IS NULL;
-- The invitations of an address, for its deletion.
CREATE INDEX invitations_by_email ON invitations (email);
CREATE INDEX invitations_of_batch ON invitations (batch_id, id) WHERE batch_id IS NOT NULL;
-- Always searched by both columns: with the account first, the index also finds what names an account.
CREATE INDEX invitations_by_inviter ON invitations (inviter_id, org_id, created_at, id);
-- Invitations to organizations, and those to the platform, in each stored order. Behind `org_id IS NULL`, PostgreSQL takes no
-- order from an index that has `org_id` before the columns of the order.
CREATE INDEX invitations_of_org ON invitations (org_id, created_at, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform ON invitations (created_at, id) WHERE org_id IS NULL;
CREATE INDEX invitations_by_sending ON invitations (org_id, last_sent_at, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform_by_sending ON invitations (last_sent_at, id) WHERE org_id IS NULL;
CREATE INDEX invitations_by_end ON invitations (org_id, valid_until, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform_by_end ON invitations (valid_until, id) WHERE org_id IS NULL;
CREATE INDEX invitations_by_address ON invitations (org_id, email, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform_by_address ON invitations (email, id) WHERE org_id IS NULL;
CREATE INDEX invitations_by_offer ON invitations (org_id, offered, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform_by_offer ON invitations (offered, id) WHERE org_id IS NULL;
CREATE INDEX invitations_by_acceptance ON invitations (org_id, accepted_at_or_epoch, id) WHERE org_id IS NOT NULL;
CREATE INDEX invitations_of_platform_by_acceptance ON invitations (accepted_at_or_epoch, id) WHERE org_id IS NULL;
CREATE INDEX invitations_of_platform_by_inviter ON invitations (inviter_id, created_at, id) WHERE org_id IS NULL;
-- Decided and undecided invitations, for the same reason.
CREATE INDEX invitations_by_decision ON invitations (org_id, decision, created_at, id)
    WHERE org_id IS NOT NULL AND decision IS NOT NULL;
CREATE INDEX invitations_of_platform_by_decision ON invitations (decision, created_at, id)
    WHERE org_id IS NULL AND decision IS NOT NULL;
CREATE INDEX invitations_undecided ON invitations (org_id, created_at, id) WHERE org_id IS NOT NULL AND decision IS NULL;
CREATE INDEX invitations_undecided_by_end ON invitations (org_id, valid_until, id) WHERE org_id IS NOT NULL AND decision IS NULL;
CREATE INDEX invitations_of_platform_undecided ON invitations (created_at, id) WHERE org_id IS NULL AND decision IS NULL;
CREATE INDEX invitations_of_platform_undecided_by_end ON invitations (valid_until, id) WHERE org_id IS NULL AND decision IS NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON invitations TO steward_app;
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY invitations_scope ON invitations USING (org_id = steward_org() OR steward_is_platform());

CREATE TABLE membership_requests (
    org_id uuid NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    status text NOT NULL,
    message text,
    requested_at timestamptz NOT NULL,
    is_approved boolean,
    reason text,
    decided_by uuid REFERENCES users (id),
    decided_at timestamptz,
    appeal text,
    appealed_at timestamptz,
    appeal_is_approved boolean,
    appeal_reason text,
    appeal_decided_by uuid REFERENCES users (id),
    appeal_decided_at timestamptz,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX membership_requests_by_user ON membership_requests (user_id, id);
-- One pending request at a time.
CREATE UNIQUE INDEX membership_requests_open_key ON membership_requests (org_id, user_id) WHERE status IN ('pending', 'appealed');
CREATE INDEX membership_requests_by_status ON membership_requests (org_id, status, id);
CREATE INDEX membership_requests_by_decider ON membership_requests (decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX membership_requests_by_appeal_decider ON membership_requests (appeal_decided_by)
    WHERE appeal_decided_by IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON membership_requests TO steward_app;
ALTER TABLE membership_requests ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY membership_requests_scope ON membership_requests USING (org_id = steward_org() OR steward_is_platform());
