-- SQLite has no functions that run with other rights.
SELECT 1;
