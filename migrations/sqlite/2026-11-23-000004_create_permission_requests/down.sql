DELETE FROM role_permissions WHERE permission = 'decide_permission_requests';
DROP TABLE permission_requests;
