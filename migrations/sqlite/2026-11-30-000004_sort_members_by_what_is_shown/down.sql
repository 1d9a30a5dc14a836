CREATE INDEX memberships_by_introduction ON memberships (org_id, introduced_email) WHERE introduced_email IS NOT NULL;
DROP INDEX memberships_by_shown_email;
DROP INDEX memberships_by_shown_name;
ALTER TABLE memberships DROP COLUMN shown_email;
ALTER TABLE memberships DROP COLUMN shown_name;
