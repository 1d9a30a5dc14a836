-- The invitations and mails of an address, for its deletion.
CREATE INDEX invitations_by_email ON invitations (email);
CREATE INDEX mails_by_email ON mails (email);
-- Queued mail of a person: for a digest, or a change of the account.
CREATE INDEX mails_waiting ON mails (user_id, created_at, id) WHERE status = 'queued';
