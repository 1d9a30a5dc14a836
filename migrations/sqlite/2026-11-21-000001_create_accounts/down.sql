DROP TABLE idempotency_keys;
DROP TABLE login_failures;
DROP TABLE account_setups;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE platform_roles;
DROP TABLE users;
