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
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX permission_requests_by_user ON permission_requests (org_id, user_id);
