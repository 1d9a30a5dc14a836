-- Here the program's role has only SELECT and INSERT on both logs; nothing has to be done.
SELECT 1;
