DROP TRIGGER account_events_remain;
DROP TRIGGER account_events_stay;
DROP TRIGGER events_remain;
DROP TRIGGER events_stay;
