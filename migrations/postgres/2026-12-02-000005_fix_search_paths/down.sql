ALTER FUNCTION steward_search_candidates (text, boolean, bigint) SET search_path FROM CURRENT;
ALTER FUNCTION steward_is_recorded (uuid) SET search_path FROM CURRENT;
ALTER FUNCTION steward_purge_history (uuid, bigint) SET search_path FROM CURRENT;
