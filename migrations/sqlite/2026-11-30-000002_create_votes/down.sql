DROP INDEX approvals_undecided;
ALTER TABLE approvals DROP COLUMN reminded_at;
ALTER TABLE approvals DROP COLUMN course;
ALTER TABLE approvals DROP COLUMN is_approvable;
ALTER TABLE approvals DROP COLUMN requested_through;
DROP TABLE takeovers;
DROP TABLE approvers;
