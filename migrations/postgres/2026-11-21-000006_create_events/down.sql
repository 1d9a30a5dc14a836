DROP FUNCTION steward_purge_history (uuid, bigint);
DROP TABLE account_events;
DROP TABLE events;
