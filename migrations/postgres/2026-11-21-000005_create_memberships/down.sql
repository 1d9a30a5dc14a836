-- These policies name memberships.
DROP POLICY role_permissions_of_person ON role_permissions;
DROP POLICY roles_of_person ON roles;
DROP POLICY orgs_of_person ON orgs;
DROP POLICY orgs_scope ON orgs;
DROP TABLE membership_locations;
DROP TABLE membership_roles;
DROP TABLE memberships;
DROP TABLE role_permissions;
DROP TABLE roles;
