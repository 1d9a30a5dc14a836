use crate::MailKind;

/// Who chose the words of a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordsOf {
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
const WORDS: [(&str, WordsOf); 37] = [
    (NAME, WordsOf::Anybody),
    ("brand_name", WordsOf::Staff),
    ("can_appeal", WordsOf::Program),
    ("cancel_link", WordsOf::Link),
    ("change", WordsOf::Program),
    ("code", WordsOf::Program),
    ("contact_address", WordsOf::Program),
    ("count", WordsOf::Program),
    ("decision", WordsOf::Program),
    ("docs_link", WordsOf::Link),
    ("due_on", WordsOf::Program),
    ("email", WordsOf::Program),
    ("explanation", WordsOf::Staff),
    ("greeting", WordsOf::Staff),
    ("inviter_name", WordsOf::Staff),
    ("level", WordsOf::Program),
    ("link", WordsOf::Link),
    ("locked_until", WordsOf::Program),
    ("login_link", WordsOf::Link),
    ("matter", WordsOf::Program),
    ("new_address", WordsOf::Program),
    // Lines of other mails, where words were replaced one by one.
    ("news", WordsOf::Program),
    ("next_update_at", WordsOf::Program),
    ("org_name", WordsOf::Staff),
    ("permission", WordsOf::Staff),
    ("personal_note", WordsOf::Staff),
    ("reason", WordsOf::Staff),
    ("reset_link", WordsOf::Link),
    ("roles", WordsOf::Staff),
    ("signature", WordsOf::Staff),
    ("status", WordsOf::Program),
    ("ticket_number", WordsOf::Program),
    ("ticket_subject", WordsOf::Anybody),
    ("until", WordsOf::Program),
    ("valid_from", WordsOf::Program),
    ("valid_until", WordsOf::Program),
    ("matter_id", WordsOf::Program),
];

impl WordsOf {
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
                || WordsOf::of(name) != WordsOf::Anybody
                || (*name == NAME && self.is_by_staff())
        })
    }

    /// Whether a mail of this kind may contain a variable when it is rendered. This also applies to templates
    /// that are older than the rule, and to mails that were queued before it.
    pub fn may_tell(self, name: &str, recipient: Recipient) -> bool {
        match WordsOf::of(name) {
            WordsOf::Program | WordsOf::Link | WordsOf::Staff => true,
            WordsOf::Anybody if name == NAME && recipient.is_named_by_staff => true,
            WordsOf::Anybody => recipient.is_address_proved && !self.may_reach_strangers(),
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
                assert_eq!(WordsOf::of(name) == WordsOf::Link, name.ends_with("link"), "{name}");
            }
        }
        assert_eq!(WordsOf::of("of_nobody_knows_what"), WordsOf::Anybody);
    }

    #[test]
    fn mail_to_strangers_contains_only_words_of_staff() {
        for kind in MailKind::ALL {
            for name in COMMON.iter().chain(kind.variables()) {
                let is_anybodys = WordsOf::of(name) == WordsOf::Anybody;
                assert_eq!(kind.may_tell(name, STRANGER), !is_anybodys, "{kind:?} {name}");
                let tells_proved = !(is_anybodys && kind.may_reach_strangers());
                assert_eq!(kind.may_tell(name, PROVED), tells_proved, "{kind:?} {name}");
            }
            assert!(kind.may_tell(NAME, MADE_BY_STAFF), "{kind:?}");
            assert!(!kind.may_tell("ticket_subject", MADE_BY_STAFF), "{kind:?}");
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
            assert!(kind.usable_variables().all(|name| WordsOf::of(name) != WordsOf::Anybody), "{kind:?}");
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
