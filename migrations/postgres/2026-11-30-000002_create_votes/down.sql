DROP INDEX approvals_to_remind;
DROP INDEX approvals_to_settle;
ALTER TABLE approvals DROP COLUMN reminds_at;
ALTER TABLE approvals DROP COLUMN settles_at;
ALTER TABLE approvals DROP COLUMN course;
ALTER TABLE approvals DROP COLUMN is_approvable;
ALTER TABLE approvals DROP COLUMN requested_through;
DROP TABLE takeovers;
DROP TABLE approvers;
