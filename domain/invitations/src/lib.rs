//! Invitations: how people are asked to come in.
