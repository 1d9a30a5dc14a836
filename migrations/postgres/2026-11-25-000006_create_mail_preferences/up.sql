-- The muted kinds of mail, separated by commas.
CREATE TABLE mail_preferences (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    unwanted text NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_preferences TO steward_app;
