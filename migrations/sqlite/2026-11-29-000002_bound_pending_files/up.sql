-- Every stored file that belongs to no ticket: being received, pending, or being removed. A row is written before the
-- first byte and deleted after the last one. It is the basis of a person's limits and of the sweep.
CREATE TABLE unattached_files (
    org_id blob NOT NULL REFERENCES orgs (id),
    id blob NOT NULL,
    uploader_id blob NOT NULL REFERENCES users (id),
    storage_key text NOT NULL,
    size_bytes integer NOT NULL,
    due_at text NOT NULL,
    PRIMARY KEY (org_id, id),
    CONSTRAINT unattached_files_storage_key UNIQUE (storage_key)
) STRICT;
CREATE INDEX unattached_files_of_uploader ON unattached_files (uploader_id, size_bytes);
CREATE INDEX unattached_files_due ON unattached_files (due_at);

-- Bytes that a person has sent since the start of their current 24 hours, over all organizations.
CREATE TABLE uploaders (
    user_id blob NOT NULL PRIMARY KEY REFERENCES users (id),
    since text NOT NULL,
    sent_bytes integer NOT NULL
) STRICT;

INSERT INTO unattached_files (org_id, id, uploader_id, storage_key, size_bytes, due_at)
    SELECT org_id, id, uploader_id, storage_key, size_bytes,
        strftime('%Y-%m-%dT%H:%M:%S', substr(created_at, 1, 19), '+1 day') || substr(created_at, 20)
    FROM attachments WHERE ticket_id IS NULL;
DROP INDEX attachments_pending;
