DROP TABLE permission_requests;
DROP TABLE takeovers;
DROP TABLE announcements;
DROP TABLE approvers;
DROP TABLE approvals;
