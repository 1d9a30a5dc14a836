DROP TABLE membership_requests;
DROP TABLE invitations;
