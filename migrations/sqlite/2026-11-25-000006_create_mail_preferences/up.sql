-- The kinds of mail that somebody does not want, separated by commas.
CREATE TABLE mail_preferences (
    user_id blob PRIMARY KEY REFERENCES users (id),
    unwanted text NOT NULL
) STRICT;
