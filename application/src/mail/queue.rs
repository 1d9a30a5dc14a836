//! A mail on its way into the queue.

use crate::clock::instant;
use chrono::{DateTime, Utc};
use mail::{MailId, MailKind, MailSecret};
use orgs::OrgId;
use persistence::{NewMail, StoreError, Tx};
use serde_json::{Map, Value, json};
use users::{Account, EmailAddress, UserId};

use crate::clock::new_id;

/// A mail about to be queued.
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

    /// A mail to somebody of whom nothing is known but the address.
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

    /// To another address of the same person.
    pub fn at(self, address: EmailAddress) -> Self {
        Self { address, ..self }
    }

    /// In the name of an organization, with its words and its looks; of none: in that of the platform.
    pub fn from(self, org: impl Into<Option<OrgId>>) -> Self {
        Self { org: org.into(), ..self }
    }

    /// Something that its template tells. Nothing secret.
    pub fn variable(mut self, name: &str, text: impl Into<String>) -> Self {
        self.variables.insert(name.to_owned(), Value::String(text.into()));
        self
    }

    /// An instant that its template tells, in the zone of the recipient.
    pub fn time(mut self, name: &str, at: DateTime<Utc>) -> Self {
        self.variables.insert(name.to_owned(), json!({ "at": instant(at) }));
        self
    }

    /// A page of the frontend that its template links to, by its path.
    pub fn link(mut self, name: &str, path: &str) -> Self {
        self.variables.insert(name.to_owned(), json!({ "path": path }));
        self
    }

    /// With a link that is made of this when it is sent.
    pub fn with(self, secret: MailSecret) -> Self {
        Self { secret: Some(secret), ..self }
    }

    /// Queues it in the transaction of its cause.
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
