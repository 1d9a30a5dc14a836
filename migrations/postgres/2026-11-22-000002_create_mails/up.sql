CREATE TABLE mails (
    id uuid PRIMARY KEY,
    org_id uuid REFERENCES orgs (id),
    user_id uuid REFERENCES users (id),
    email text NOT NULL,
    kind text NOT NULL,
    locale text NOT NULL,
    variables jsonb NOT NULL,
    secret_kind text,
    secret_id uuid,
    status text NOT NULL,
    attempts integer NOT NULL,
    due_at timestamptz NOT NULL,
    leased_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX mails_due ON mails (due_at) WHERE status = 'queued';
CREATE INDEX mails_by_user ON mails (user_id, created_at, id);

CREATE TABLE mail_settings (
    org_id uuid PRIMARY KEY REFERENCES orgs (id),
    default_locale text NOT NULL,
    time_zone text NOT NULL,
    brand_name text,
    brand_colour text,
    signature text,
    contact_address text,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL
);

CREATE TABLE mail_templates (
    org_id uuid NOT NULL REFERENCES orgs (id),
    kind text NOT NULL,
    locale text NOT NULL,
    subject text NOT NULL,
    text_body text NOT NULL,
    is_outdated boolean NOT NULL,
    updated_at timestamptz NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, kind, locale)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON mails, mail_settings, mail_templates TO steward_app;

ALTER TABLE mails ENABLE ROW LEVEL SECURITY;
ALTER TABLE mails FORCE ROW LEVEL SECURITY;
CREATE POLICY mails_scope ON mails USING (org_id = steward_org() OR steward_is_platform() OR user_id = steward_user());

ALTER TABLE mail_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_settings FORCE ROW LEVEL SECURITY;
CREATE POLICY mail_settings_scope ON mail_settings USING (org_id = steward_org() OR steward_is_platform());

ALTER TABLE mail_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_templates FORCE ROW LEVEL SECURITY;
CREATE POLICY mail_templates_scope ON mail_templates USING (org_id = steward_org() OR steward_is_platform());

-- Owners hold every permission, including this new one.
SELECT set_config('app.is_platform', 'on', true);
INSERT INTO role_permissions (org_id, role_key, permission)
    SELECT org_id, role_key, 'manage_mail' FROM roles WHERE role_key = 'owner';
