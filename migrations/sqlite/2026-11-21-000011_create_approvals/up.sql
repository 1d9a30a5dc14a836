-- Critical changes that others have to approve: in an organization, or on the platform (`org_id` null).
CREATE TABLE approvals (
    id blob PRIMARY KEY,
    org_id blob REFERENCES orgs (id),
    kind text NOT NULL,
    subject_id blob NOT NULL REFERENCES users (id),
    payload text NOT NULL,
    reason text NOT NULL,
    requested_by blob NOT NULL REFERENCES users (id),
    requested_at text NOT NULL,
    expires_at text NOT NULL,
    is_approved integer,
    decided_by blob REFERENCES users (id),
    decided_at text,
    version integer NOT NULL,
    -- The people who may be behind the request, as a JSON array of ids.
    requested_through text NOT NULL DEFAULT '[]',
    is_approvable integer NOT NULL DEFAULT 1,
    takes_effect text NOT NULL DEFAULT 'after_approval',
    -- When the change is made unless somebody denies it, and when everybody concerned is reminded of that.
    settles_at text,
    reminds_at text
) STRICT;
CREATE INDEX approvals_by_subject ON approvals (subject_id);
CREATE INDEX approvals_of_org ON approvals (org_id, id);
CREATE INDEX approvals_of_subject ON approvals (org_id, subject_id, id);
CREATE INDEX approvals_undecided ON approvals (subject_id, org_id) WHERE is_approved IS NULL;
CREATE INDEX approvals_to_settle ON approvals (settles_at) WHERE settles_at IS NOT NULL;
CREATE INDEX approvals_to_remind ON approvals (reminds_at) WHERE reminds_at IS NOT NULL;
CREATE INDEX approvals_by_requester ON approvals (requested_by);
CREATE INDEX approvals_by_decider ON approvals (decided_by) WHERE decided_by IS NOT NULL;

-- Who holds a right to approve critical changes, and since when: in an organization, or on the platform (`org_id` null). Those
-- who lost the right remain for some days. The key names organization, right and person.
CREATE TABLE approvers (
    approver_key text PRIMARY KEY,
    org_id blob REFERENCES orgs (id),
    approval_right text NOT NULL,
    user_id blob NOT NULL REFERENCES users (id),
    held_since text NOT NULL,
    lost_at text,
    vote_starts_at text NOT NULL,
    -- The people responsible for the grant, as a JSON array of ids.
    granted_by text NOT NULL,
    endorsed_by text,
    endorsed_at text CHECK ((endorsed_by IS NULL) = (endorsed_at IS NULL)),
    -- Time since which the other holders have to be notified of it; null once they are.
    announces_at text,
    -- Time since which the person has been a holder, with breaks of less than seven days.
    known_since text NOT NULL
) STRICT;
CREATE INDEX approvers_of_right ON approvers (org_id, approval_right, user_id);
CREATE INDEX approvers_by_user ON approvers (user_id);
-- The holders of an organization by person, whatever their rights.
CREATE INDEX approvers_of_org ON approvers (org_id, user_id);
-- The people that an announcement is about.
CREATE INDEX approvers_to_announce ON approvers (org_id, announces_at) WHERE announces_at IS NOT NULL;

-- Pending notifications to the holders of rights to approve critical changes: others got or lost such a right in one change.
-- The rows of `approvers` with the same organization and `announces_at` say who. Holders are mailed in the
-- order of their ids, some in each transaction.
CREATE TABLE announcements (
    announcement_key text PRIMARY KEY,
    org_id blob REFERENCES orgs (id),
    is_lost integer NOT NULL,
    announces_at text NOT NULL,
    -- The last holder who was mailed; null: nobody yet.
    mailed_until blob
) STRICT;
CREATE INDEX announcements_by_age ON announcements (announces_at, announcement_key);
CREATE INDEX announcements_of_org ON announcements (org_id);

-- Acts that may have given others than its owner access to an account.
CREATE TABLE takeovers (
    id blob PRIMARY KEY,
    user_id blob NOT NULL REFERENCES users (id),
    act text NOT NULL,
    -- The people responsible for it, as a JSON array of ids.
    acted_by text NOT NULL,
    acted_at text NOT NULL,
    -- The address of the account, if it was proved until then.
    proved_address text
) STRICT;
CREATE INDEX takeovers_of_user ON takeovers (user_id, acted_at);

CREATE TABLE permission_requests (
    org_id blob NOT NULL REFERENCES orgs (id),
    id blob NOT NULL,
    user_id blob NOT NULL REFERENCES users (id),
    requested_role text,
    requested_permission text,
    justification text NOT NULL,
    requested_at text NOT NULL,
    granted_role text,
    identity_check text,
    consulted text,
    explanation text,
    decided_by blob REFERENCES users (id),
    decided_at text,
    version integer NOT NULL,
    -- The requested locations.
    location_ids text NOT NULL DEFAULT '[]',
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX permission_requests_undecided ON permission_requests (org_id, id) WHERE decided_at IS NULL;
-- Always searched by both columns: with the account first, the index also finds what names an account.
CREATE INDEX permission_requests_of_user ON permission_requests (user_id, org_id, id);
CREATE INDEX permission_requests_by_decider ON permission_requests (decided_by) WHERE decided_by IS NOT NULL;
