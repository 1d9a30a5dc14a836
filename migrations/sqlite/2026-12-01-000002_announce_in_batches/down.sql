DROP INDEX approvers_to_announce;
CREATE INDEX approvers_to_announce ON approvers (announces_at) WHERE announces_at IS NOT NULL;
DROP INDEX approvers_of_org;
DROP TABLE announcements;
