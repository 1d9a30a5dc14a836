-- The program before knows no such end.
UPDATE mails SET status = 'failed' WHERE status = 'bounced';
DROP INDEX mails_by_secret;
