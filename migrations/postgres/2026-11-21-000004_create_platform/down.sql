DROP TABLE consents;
DROP TABLE agreements;
DROP TABLE platform_roles;
DROP TABLE platform_settings;
