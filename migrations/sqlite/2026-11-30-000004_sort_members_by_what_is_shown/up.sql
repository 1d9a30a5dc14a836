-- The name and address of a member as shown to the organization: what it entered while the membership is unclaimed, else
-- the account's own. Members are sorted by both; the values come from two tables, and no index covers two tables.
ALTER TABLE memberships ADD COLUMN shown_name text NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN shown_email text NOT NULL DEFAULT '';
UPDATE memberships SET
    shown_name = coalesce(introduced_name, (SELECT u.name FROM users u WHERE u.id = memberships.user_id)),
    shown_email = coalesce(introduced_email, (SELECT u.email FROM users u WHERE u.id = memberships.user_id));
CREATE INDEX memberships_by_shown_name ON memberships (org_id, shown_name, user_id);
CREATE INDEX memberships_by_shown_email ON memberships (org_id, shown_email, user_id);
-- A member is found by the shown address, claimed or not.
DROP INDEX memberships_by_introduction;
