-- The roles remain: they belong to the whole server, and other databases may use them.
DROP TABLE locations;
DROP TABLE org_counters;
DROP TABLE orgs;
DROP FUNCTION steward_is_platform();
DROP FUNCTION steward_user();
DROP FUNCTION steward_org();
