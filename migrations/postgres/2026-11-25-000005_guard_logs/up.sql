-- Here the program's role holds only SELECT and INSERT on both logs; nothing is to be done.
SELECT 1;
