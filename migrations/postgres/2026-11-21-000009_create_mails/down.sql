DROP TABLE mail_pauses;
DROP TABLE mail_preferences;
DROP TABLE mail_templates;
DROP TABLE mail_settings;
DROP TABLE mails;
