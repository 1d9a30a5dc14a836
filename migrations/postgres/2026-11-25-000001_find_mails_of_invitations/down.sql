DROP INDEX mails_by_invitation;
