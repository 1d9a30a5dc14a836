use crate::MailKind;

/// Who chose the words of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextSource {
    /// The software: numbers, times, words of a fixed list, addresses of mailboxes.
    Program,
    /// The software: a page of this platform. No other variable becomes a link in HTML.
    Link,
    /// Staff: names of organizations and roles, reasons, greetings, the name of an account that they created.
    Staff,
    /// Anybody, such as a person who registered without an invitation.
    Anybody,
}

/// What is known of the recipient when the mail is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient {
    /// Whether the owner of the mailbox has used a link that was sent to it.
    pub is_address_proved: bool,
    /// Whether staff chose the account's name, and its owner had no chance to change it.
    pub is_named_by_staff: bool,
}

/// Replaces words that a mail must not contain.
pub const WITHHELD: &str = "\u{2026}";

/// Variables of every template. The name is left out where the mailbox may be a stranger's.
const COMMON: [&str; 4] = [NAME, "brand_name", "signature", "contact_address"];
const NAME: &str = "recipient_name";

/// Every variable of every kind, and who chose its words.
const WORDS: [(&str, TextSource); 37] = [
    (NAME, TextSource::Anybody),
    ("brand_name", TextSource::Staff),
    ("can_appeal", TextSource::Program),
    ("cancel_link", TextSource::Link),
    ("change", TextSource::Program),
    ("code", TextSource::Program),
    ("contact_address", TextSource::Program),
    ("count", TextSource::Program),
    ("decision", TextSource::Program),
    ("docs_link", TextSource::Link),
    ("due_on", TextSource::Program),
    ("email", TextSource::Program),
    ("explanation", TextSource::Staff),
    ("greeting", TextSource::Staff),
    ("inviter_name", TextSource::Staff),
    ("level", TextSource::Program),
    ("link", TextSource::Link),
    ("locked_until", TextSource::Program),
    ("login_link", TextSource::Link),
    ("matter", TextSource::Program),
    ("new_address", TextSource::Program),
    // Lines of other mails, where words were replaced one by one.
    ("news", TextSource::Program),
    ("next_update_at", TextSource::Program),
    ("org_name", TextSource::Staff),
    ("permission", TextSource::Staff),
    ("personal_note", TextSource::Staff),
    ("reason", TextSource::Staff),
    ("reset_link", TextSource::Link),
    ("roles", TextSource::Staff),
    ("signature", TextSource::Staff),
    ("status", TextSource::Program),
    ("ticket_number", TextSource::Program),
    ("ticket_subject", TextSource::Anybody),
    ("until", TextSource::Program),
    ("valid_from", TextSource::Program),
    ("valid_until", TextSource::Program),
    ("matter_id", TextSource::Program),
];

impl TextSource {
    /// Who chose the words of a variable with this name; anybody, if it is unknown.
    pub fn of(name: &str) -> Self {
        WORDS.iter().find(|(known, _)| *known == name).map_or(Self::Anybody, |(_, whose)| *whose)
    }
}

impl MailKind {
    /// Whether mail of this kind is sent to mailboxes that nobody has proved yet. A kind that is mostly sent
    /// to proved ones, such as the password reset link, depends on its [`Recipient`].
    pub fn may_reach_strangers(self) -> bool {
        matches!(
            self,
            Self::ConfirmAddress
                | Self::AddressKnown
                | Self::NewAccount
                | Self::ChangeAddress
                | Self::ProveAddress
                | Self::Invitation
                | Self::InvitationReminder
                | Self::ConfirmationHelp
        )
    }

    /// Whether its greeting has a name only if staff chose that name.
    fn is_by_staff(self) -> bool {
        matches!(self, Self::NewAccount | Self::Invitation | Self::InvitationReminder)
    }

    /// The variables of its templates. Any other is refused when a template is saved (S000-50), and so are
    /// words of anybody where the mailbox may be a stranger's.
    pub fn usable_variables(self) -> impl Iterator<Item = &'static str> {
        let all = COMMON.iter().chain(self.variables()).copied();
        all.filter(move |name| {
            !self.may_reach_strangers()
                || TextSource::of(name) != TextSource::Anybody
                || (*name == NAME && self.is_by_staff())
        })
    }

    /// Whether a mail of this kind may contain a variable when it is rendered. This also applies to templates
    /// that are older than the rule, and to mails that were queued before it.
    pub fn may_contain(self, name: &str, recipient: Recipient) -> bool {
        match TextSource::of(name) {
            TextSource::Program | TextSource::Link | TextSource::Staff => true,
            TextSource::Anybody if name == NAME && recipient.is_named_by_staff => true,
            TextSource::Anybody => recipient.is_address_proved && !self.may_reach_strangers(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROVED: Recipient = Recipient { is_address_proved: true, is_named_by_staff: false };
    const STRANGER: Recipient = Recipient { is_address_proved: false, is_named_by_staff: false };
    const MADE_BY_STAFF: Recipient = Recipient { is_address_proved: false, is_named_by_staff: true };

    #[test]
    fn every_variable_has_a_source() {
        for kind in MailKind::ALL {
            for name in COMMON.iter().chain(kind.variables()) {
                assert!(WORDS.iter().any(|(known, _)| known == name), "{kind:?} {name}");
                assert_eq!(TextSource::of(name) == TextSource::Link, name.ends_with("link"), "{name}");
            }
        }
        assert_eq!(TextSource::of("of_nobody_knows_what"), TextSource::Anybody);
    }

    #[test]
    fn mail_to_strangers_contains_only_words_of_staff() {
        for kind in MailKind::ALL {
            for name in COMMON.iter().chain(kind.variables()) {
                let is_anybodys = TextSource::of(name) == TextSource::Anybody;
                assert_eq!(kind.may_contain(name, STRANGER), !is_anybodys, "{kind:?} {name}");
                let tells_proved = !(is_anybodys && kind.may_reach_strangers());
                assert_eq!(kind.may_contain(name, PROVED), tells_proved, "{kind:?} {name}");
            }
            assert!(kind.may_contain(NAME, MADE_BY_STAFF), "{kind:?}");
            assert!(!kind.may_contain("ticket_subject", MADE_BY_STAFF), "{kind:?}");
        }
    }

    #[test]
    fn no_template_uses_a_variable_that_its_mail_must_not_contain() {
        for kind in [
            MailKind::ConfirmAddress,
            MailKind::AddressKnown,
            MailKind::ChangeAddress,
            MailKind::ProveAddress,
            MailKind::ConfirmationHelp,
        ] {
            assert!(
                kind.usable_variables().all(|name| TextSource::of(name) != TextSource::Anybody),
                "{kind:?}"
            );
            let template = crate::Template {
                subject: "Hello".to_owned(),
                text: "Hello {{ recipient_name }}".to_owned(),
            };
            assert_eq!(template.faults(kind).len(), 1, "{kind:?}");
        }
        assert!(MailKind::NewAccount.usable_variables().any(|name| name == NAME));
        assert!(MailKind::NewReply.usable_variables().any(|name| name == "ticket_subject"));
    }
}
