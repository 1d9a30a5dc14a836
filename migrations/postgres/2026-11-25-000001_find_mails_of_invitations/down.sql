-- The earlier version does not know this status.
SELECT set_config('app.is_platform', 'on', true);
UPDATE mails SET status = 'failed' WHERE status = 'bounced';
DROP INDEX mails_by_secret;
