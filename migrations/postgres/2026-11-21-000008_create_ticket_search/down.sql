DROP FUNCTION steward_search_candidates (text, boolean, bigint);
DROP TABLE ticket_search;
