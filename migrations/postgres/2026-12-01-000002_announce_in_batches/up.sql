-- Pending notifications to the holders of rights to approve critical changes: others got or lost such a right in one change.
-- The rows of `approvers` with the same organization and `announces_at` say who. Holders are mailed in the
-- order of their ids, some in each transaction.
CREATE TABLE announcements (
    announcement_key text PRIMARY KEY,
    org_id uuid REFERENCES orgs (id),
    is_lost boolean NOT NULL,
    announces_at timestamptz NOT NULL,
    -- The last holder who was mailed; null: nobody yet.
    mailed_until uuid
);
CREATE INDEX announcements_by_age ON announcements (announces_at, announcement_key);
CREATE INDEX announcements_of_org ON announcements (org_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON announcements TO steward_app;
ALTER TABLE announcements ENABLE ROW LEVEL SECURITY;
ALTER TABLE announcements FORCE ROW LEVEL SECURITY;
CREATE POLICY announcements_scope ON announcements USING (org_id = steward_org() OR steward_is_platform());

SELECT set_config('app.is_platform', 'on', true);
INSERT INTO announcements (announcement_key, org_id, is_lost, announces_at)
    SELECT DISTINCT coalesce(replace(org_id::text, '-', ''), '-') || CASE WHEN lost_at IS NULL THEN ' new ' ELSE ' lost ' END || announces_at::text,
           org_id, lost_at IS NOT NULL, announces_at
    FROM approvers WHERE announces_at IS NOT NULL;

-- The holders of an organization by person, whatever their rights.
CREATE INDEX approvers_of_org ON approvers (org_id, user_id);
-- The people that an announcement is about.
DROP INDEX approvers_to_announce;
CREATE INDEX approvers_to_announce ON approvers (org_id, announces_at) WHERE announces_at IS NOT NULL;
