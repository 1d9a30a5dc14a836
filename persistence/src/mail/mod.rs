//! Mails, and how people want them.

pub(crate) mod digests;
pub(crate) mod mail_pauses;
pub(crate) mod mail_preferences;
pub(crate) mod mail_settings;
pub(crate) mod mails;
