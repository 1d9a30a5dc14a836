-- SQLite has no row security: the program itself looks for the records that name an account, in all organizations.
SELECT 1;
