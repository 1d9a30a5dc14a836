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
    is_for_digest integer NOT NULL DEFAULT 0,
    leased_until text,
    last_error text,
    created_at text NOT NULL,
    sent_at text
) STRICT;
CREATE INDEX mails_due ON mails (due_at) WHERE status = 'queued';
CREATE INDEX mails_by_user ON mails (user_id, created_at, id);
-- The mails of an invitation.
CREATE INDEX mails_by_secret ON mails (secret_id, created_at) WHERE secret_id IS NOT NULL;
-- The mails to an address, for its deletion.
CREATE INDEX mails_by_email ON mails (email);
-- Queued mail of a person: for a digest, or a change of the account.
CREATE INDEX mails_waiting ON mails (user_id, created_at, id) WHERE status = 'queued';

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

-- Templates that an organization has changed; the shipped ones are files of the program.
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

CREATE TABLE mail_preferences (
    user_id blob PRIMARY KEY REFERENCES users (id),
    -- The muted kinds of mail, separated by commas.
    muted text NOT NULL,
    -- Times of day as `HH:MM`, in the time zone of the person.
    quiet_from text,
    quiet_until text,
    digest_time text
) STRICT;

-- Time of the last mail from a person to an address, by the hash of both.
CREATE TABLE mail_pauses (
    pause_key text PRIMARY KEY,
    mailed_at text NOT NULL
) STRICT;
CREATE INDEX mail_pauses_by_age ON mail_pauses (mailed_at);
