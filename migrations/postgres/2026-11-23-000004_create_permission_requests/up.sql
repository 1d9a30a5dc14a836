CREATE TABLE permission_requests (
    org_id uuid NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES users (id),
    requested_role text,
    requested_permission text,
    justification text NOT NULL,
    requested_at timestamptz NOT NULL,
    granted_role text,
    identity_check text,
    consulted text,
    explanation text,
    decided_by uuid REFERENCES users (id),
    decided_at timestamptz,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX permission_requests_by_user ON permission_requests (org_id, user_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON permission_requests TO steward_app;
ALTER TABLE permission_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE permission_requests FORCE ROW LEVEL SECURITY;
CREATE POLICY permission_requests_scope ON permission_requests USING (org_id = steward_org() OR steward_is_platform());
