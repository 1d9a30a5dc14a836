DELETE FROM role_permissions WHERE permission = 'manage_mail';
DROP TABLE mail_templates;
DROP TABLE mail_settings;
DROP TABLE mails;
