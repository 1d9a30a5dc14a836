-- These policies name memberships.
DROP POLICY role_permissions_scope ON role_permissions;
DROP POLICY roles_scope ON roles;
DROP POLICY orgs_scope ON orgs;
DROP TABLE membership_locations;
DROP TABLE membership_roles;
DROP TABLE memberships;
DROP TABLE role_permissions;
DROP TABLE roles;
