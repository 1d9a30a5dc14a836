SELECT set_config('app.is_platform', 'on', true);
DELETE FROM role_permissions WHERE permission = 'manage_mail';
DROP TABLE mail_templates;
DROP TABLE mail_settings;
DROP TABLE mails;
