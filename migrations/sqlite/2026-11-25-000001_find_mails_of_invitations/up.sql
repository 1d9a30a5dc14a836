CREATE INDEX mails_by_secret ON mails (secret_id, created_at) WHERE secret_id IS NOT NULL;
