DROP TABLE ticket_fts;
DROP TABLE ticket_search;
