-- SQLite has no functions that run with the rights of somebody else.
SELECT 1;
