-- Times of day as `HH:MM`, in the time zone of the person.
ALTER TABLE mail_preferences ADD COLUMN quiet_from text;
ALTER TABLE mail_preferences ADD COLUMN quiet_until text;
ALTER TABLE mail_preferences ADD COLUMN digest_time text;
ALTER TABLE mails ADD COLUMN is_for_digest integer NOT NULL DEFAULT 0;
