DELETE FROM role_permissions WHERE permission = 'reset_member_two_factor';
ALTER TABLE platform_settings DROP COLUMN requires_two_factor;
ALTER TABLE roles DROP COLUMN requires_two_factor;
DROP TABLE two_factors;
