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
    is_for_digest boolean NOT NULL DEFAULT false,
    leased_until timestamptz,
    last_error text,
    created_at timestamptz NOT NULL,
    sent_at timestamptz
);
CREATE INDEX mails_due ON mails (due_at) WHERE status = 'queued';
CREATE INDEX mails_by_user ON mails (user_id, created_at, id);
-- The mails of an invitation.
CREATE INDEX mails_by_secret ON mails (secret_id, created_at) WHERE secret_id IS NOT NULL;
-- The mails to an address, for its deletion.
CREATE INDEX mails_by_email ON mails (email);
-- Queued mail of a person: for a digest, or a change of the account.
CREATE INDEX mails_waiting ON mails (user_id, created_at, id) WHERE status = 'queued';

GRANT SELECT, INSERT, UPDATE, DELETE ON mails TO steward_app;
ALTER TABLE mails ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mails_scope ON mails
    USING (org_id = steward_org() OR steward_is_platform() OR (org_id IS NULL AND user_id = steward_user()));
CREATE POLICY mails_of_person ON mails FOR SELECT USING (user_id = steward_user());

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

GRANT SELECT, INSERT, UPDATE, DELETE ON mail_settings TO steward_app;
ALTER TABLE mail_settings ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mail_settings_scope ON mail_settings USING (org_id = steward_org() OR steward_is_platform());

-- Templates that an organization has changed; the shipped ones are files of the program.
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

GRANT SELECT, INSERT, UPDATE, DELETE ON mail_templates TO steward_app;
ALTER TABLE mail_templates ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY mail_templates_scope ON mail_templates USING (org_id = steward_org() OR steward_is_platform());

CREATE TABLE mail_preferences (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    -- The muted kinds of mail, separated by commas.
    muted text NOT NULL,
    -- Times of day as `HH:MM`, in the time zone of the person.
    quiet_from text,
    quiet_until text,
    digest_time text
);

GRANT SELECT, INSERT, UPDATE, DELETE ON mail_preferences TO steward_app;

-- Time of the last mail from a person to an address, by the hash of both.
CREATE TABLE mail_pauses (
    pause_key text PRIMARY KEY,
    mailed_at timestamptz NOT NULL
);
CREATE INDEX mail_pauses_by_age ON mail_pauses (mailed_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON mail_pauses TO steward_app;
