CREATE INDEX attachments_pending ON attachments (created_at) WHERE ticket_id IS NULL;
-- What is being received or removed has no other row; its bytes are no longer counted.
UPDATE org_counters SET stored_bytes = stored_bytes - (
    SELECT coalesce(sum(f.size_bytes), 0) FROM unattached_files f WHERE f.org_id = org_counters.org_id
        AND NOT EXISTS (SELECT 1 FROM attachments a WHERE a.org_id = f.org_id AND a.id = f.id));
DROP TABLE uploaders;
DROP TABLE unattached_files;
