-- The program before knows no such end.
SELECT set_config('app.is_platform', 'on', true);
UPDATE mails SET status = 'failed' WHERE status = 'bounced';
DROP INDEX mails_by_secret;
