DROP TABLE account_requests;
DROP TABLE profiles;
DROP TABLE users;
