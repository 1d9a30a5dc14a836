-- Run once, by the superuser, when the database is made. The program's own login owns the database and nothing else.
CREATE ROLE steward LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD 'steward-database';
CREATE ROLE steward_app NOLOGIN;
CREATE ROLE steward_search NOLOGIN;
GRANT steward_app, steward_search TO steward;
CREATE DATABASE steward OWNER steward;
REVOKE ALL ON DATABASE steward FROM PUBLIC;
