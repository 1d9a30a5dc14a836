DROP TABLE known_networks;
DROP TABLE log_in_attempts;
DROP TABLE two_factors;
DROP TABLE one_time_tokens;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
