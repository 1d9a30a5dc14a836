SELECT set_config('app.is_platform', 'on', true);
-- The earlier version does not know this kind of mail. The contents of an unsent one are also in the requests themselves.
DELETE FROM mails WHERE kind = 'digest';
DELETE FROM mail_templates WHERE kind = 'digest';
ALTER TABLE mails DROP COLUMN is_for_digest;
ALTER TABLE mail_preferences DROP COLUMN digest_time;
ALTER TABLE mail_preferences DROP COLUMN quiet_until;
ALTER TABLE mail_preferences DROP COLUMN quiet_from;
