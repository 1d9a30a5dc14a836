-- Every stored file that belongs to no ticket: being received, pending, or being removed. A row is written before the
-- first byte and deleted after the last one. It is the basis of a person's limits and of the sweep.
CREATE TABLE unattached_files (
    org_id uuid NOT NULL REFERENCES orgs (id),
    id uuid NOT NULL,
    uploader_id uuid NOT NULL REFERENCES users (id),
    storage_key text NOT NULL,
    size_bytes bigint NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT unattached_files_storage_key UNIQUE (storage_key)
);
CREATE INDEX unattached_files_of_uploader ON unattached_files (uploader_id, size_bytes);
CREATE INDEX unattached_files_due ON unattached_files (due_at);

-- Bytes that a person has sent since the start of their current 24 hours, over all organizations.
CREATE TABLE uploaders (
    user_id uuid NOT NULL PRIMARY KEY REFERENCES users (id),
    since timestamptz NOT NULL,
    sent_bytes bigint NOT NULL
);

SELECT set_config('app.is_platform', 'on', true);
INSERT INTO unattached_files (org_id, id, uploader_id, storage_key, size_bytes, due_at)
    SELECT org_id, id, uploader_id, storage_key, size_bytes, created_at + interval '24 hours'
    FROM attachments WHERE ticket_id IS NULL;
DROP INDEX attachments_pending;

GRANT SELECT, INSERT, UPDATE, DELETE ON unattached_files, uploaders TO steward_app;

ALTER TABLE unattached_files ENABLE ROW LEVEL SECURITY;
ALTER TABLE unattached_files FORCE ROW LEVEL SECURITY;
CREATE POLICY unattached_files_scope ON unattached_files USING (org_id = steward_org() OR steward_is_platform());
-- The limits of a person apply over all organizations, so their own rows are counted wherever they are.
CREATE POLICY unattached_files_of_uploader ON unattached_files FOR SELECT USING (uploader_id = steward_user());

ALTER TABLE uploaders ENABLE ROW LEVEL SECURITY;
ALTER TABLE uploaders FORCE ROW LEVEL SECURITY;
CREATE POLICY uploaders_scope ON uploaders USING (user_id = steward_user() OR steward_is_platform());
