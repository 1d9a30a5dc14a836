DROP TABLE membership_locations;
DROP TABLE membership_roles;
DROP TABLE memberships;
DROP TABLE role_permissions;
DROP TABLE roles;
