SELECT set_config('app.is_platform', 'on', true);
DELETE FROM role_permissions WHERE permission = 'decide_permission_requests';
DROP TABLE permission_requests;
