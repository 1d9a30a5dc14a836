//! A mail to be queued.

use crate::clock::instant;
use chrono::{DateTime, Utc};
use mail::{MailId, MailKind, MailSecret};
use orgs::OrgId;
use persistence::{NewMail, StoreError, Tx};
use serde_json::{Map, Value, json};
use users::{Account, EmailAddress, UserId};

use crate::clock::new_id;

/// A mail to be queued.
pub struct OutgoingMail {
    user: Option<UserId>,
    name: String,
    locale: String,
    address: EmailAddress,
    org: Option<OrgId>,
    kind: MailKind,
    variables: Map<String, Value>,
    secret: Option<MailSecret>,
}

impl OutgoingMail {
    /// A mail to the owner of an account, in the name of the platform.
    pub fn to(account: &Account, kind: MailKind) -> Self {
        let to = Self::to_address(account.email.clone(), &account.locale, kind);
        Self { user: Some(account.id), name: account.name.as_str().to_owned(), ..to }
    }

    /// A mail to an address without an account.
    pub fn to_address(address: EmailAddress, locale: &str, kind: MailKind) -> Self {
        Self {
            user: None,
            name: address.as_str().to_owned(),
            locale: locale.to_owned(),
            address,
            org: None,
            kind,
            variables: Map::new(),
            secret: None,
        }
    }

    /// Sends it to another address of the same person.
    pub fn at(self, address: EmailAddress) -> Self {
        Self { address, ..self }
    }

    /// Sends it in the name of an organization, with its templates and branding. None: in the name of the platform.
    pub fn from(self, org: impl Into<Option<OrgId>>) -> Self {
        Self { org: org.into(), ..self }
    }

    /// Sets a template variable. Must not contain secrets.
    pub fn variable(mut self, name: &str, text: impl Into<String>) -> Self {
        self.variables.insert(name.to_owned(), Value::String(text.into()));
        self
    }

    /// Sets a template variable to an instant, shown in the recipient's time zone.
    pub fn time(mut self, name: &str, at: DateTime<Utc>) -> Self {
        self.variables.insert(name.to_owned(), json!({ "at": instant(at) }));
        self
    }

    /// Sets a template variable to a page of the frontend, given by its path.
    pub fn link(mut self, name: &str, path: &str) -> Self {
        self.variables.insert(name.to_owned(), json!({ "path": path }));
        self
    }

    /// Adds a secret, which becomes a link when the mail is sent.
    pub fn with(self, secret: MailSecret) -> Self {
        Self { secret: Some(secret), ..self }
    }

    /// Queues the mail in the transaction that causes it.
    pub fn queue(self, tx: &mut Tx<'_>, now: DateTime<Utc>) -> Result<MailId, StoreError> {
        let mut variables = self.variables;
        variables.insert("recipient_name".to_owned(), Value::String(self.name));
        let mail = NewMail {
            id: MailId(new_id()),
            org: self.org,
            user: self.user,
            email: self.address,
            kind: self.kind,
            locale: self.locale,
            variables: Value::Object(variables),
            secret: self.secret,
        };
        tx.queue_mail(&mail, now)?;
        Ok(mail.id)
    }
}
