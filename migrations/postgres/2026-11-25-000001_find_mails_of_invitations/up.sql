CREATE INDEX mails_by_invitation ON mails (secret_id, created_at) WHERE secret_kind = 'invitation';
