DROP TABLE locations;
DROP TABLE org_counters;
DROP TABLE orgs;
