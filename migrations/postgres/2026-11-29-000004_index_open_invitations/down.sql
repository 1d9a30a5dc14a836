DROP INDEX mails_waiting;
DROP INDEX mails_by_email;
DROP INDEX invitations_by_email;
