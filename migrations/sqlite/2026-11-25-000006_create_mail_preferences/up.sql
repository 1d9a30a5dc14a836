-- The muted kinds of mail, separated by commas.
CREATE TABLE mail_preferences (
    user_id blob PRIMARY KEY REFERENCES users (id),
    unwanted text NOT NULL
) STRICT;
