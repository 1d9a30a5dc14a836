DROP INDEX memberships_by_introduction;
ALTER TABLE memberships DROP COLUMN introduced_name;
ALTER TABLE memberships DROP COLUMN introduced_email;
