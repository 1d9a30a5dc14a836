CREATE TABLE mails (
    id blob PRIMARY KEY,
    org_id blob REFERENCES orgs (id),
    user_id blob REFERENCES users (id),
    email text NOT NULL,
    kind text NOT NULL,
    locale text NOT NULL,
    variables text NOT NULL,
    secret_kind text,
    secret_id blob,
    status text NOT NULL,
    attempts integer NOT NULL,
    due_at text NOT NULL,
    leased_until text,
    last_error text,
    created_at text NOT NULL,
    sent_at text
) STRICT;
CREATE INDEX mails_due ON mails (due_at) WHERE status = 'queued';
CREATE INDEX mails_by_user ON mails (user_id, created_at, id);

CREATE TABLE mail_settings (
    org_id blob PRIMARY KEY REFERENCES orgs (id),
    default_locale text NOT NULL,
    time_zone text NOT NULL,
    brand_name text,
    brand_colour text,
    signature text,
    contact_address text,
    updated_at text NOT NULL,
    version integer NOT NULL
) STRICT;

CREATE TABLE mail_templates (
    org_id blob NOT NULL REFERENCES orgs (id),
    kind text NOT NULL,
    locale text NOT NULL,
    subject text NOT NULL,
    text_body text NOT NULL,
    is_outdated integer NOT NULL,
    updated_at text NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (org_id, kind, locale)
) STRICT;

-- Owners hold every permission, including this new one.
INSERT INTO role_permissions (org_id, role_key, permission)
    SELECT org_id, role_key, 'manage_mail' FROM roles WHERE role_key = 'owner';
