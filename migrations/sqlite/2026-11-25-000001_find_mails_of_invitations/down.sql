-- The earlier version does not know this status.
UPDATE mails SET status = 'failed' WHERE status = 'bounced';
DROP INDEX mails_by_secret;
