-- The name and address under which the organization knows a member: what was introduced, or the account's own. Members are
-- sorted by both, which the account and the membership together have, and no index covers two tables.
ALTER TABLE memberships ADD COLUMN shown_name text NOT NULL DEFAULT '';
ALTER TABLE memberships ADD COLUMN shown_email text NOT NULL DEFAULT '';
UPDATE memberships SET
    shown_name = coalesce(introduced_name, (SELECT u.name FROM users u WHERE u.id = memberships.user_id)),
    shown_email = coalesce(introduced_email, (SELECT u.email FROM users u WHERE u.id = memberships.user_id));
CREATE INDEX memberships_by_shown_name ON memberships (org_id, shown_name, user_id);
CREATE INDEX memberships_by_shown_email ON memberships (org_id, shown_email, user_id);
-- A member is found by the address that is shown, introduced or not.
DROP INDEX memberships_by_introduction;
