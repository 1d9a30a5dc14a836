use crate::MailKind;

/// Whose words a variable of a mail holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordsOf {
    /// The program's: numbers, times, words of a fixed list, addresses of mailboxes.
    Program,
    /// The program's as well: a page of this platform. Nothing else becomes a link in HTML.
    Link,
    /// Those of staff: names of organizations and roles, reasons, greetings, the name of an account that they made.
    Staff,
    /// Those of anybody: of a person who may have registered themselves.
    Anybody,
}

/// What is known of the person a mail goes to, at the moment in which it is written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient {
    /// Whether the owner of the mailbox has used a link from it.
    pub is_address_proved: bool,
    /// Whether staff chose the name of the account, and its owner had no chance to change it.
    pub is_named_by_staff: bool,
}

/// What stands in a mail for words that it must not hold.
pub const WITHHELD: &str = "\u{2026}";

/// What every template may use, but for the name where the mailbox may be a stranger's.
const COMMON: [&str; 4] = [NAME, "brand_name", "signature", "contact_address"];
const NAME: &str = "recipient_name";

/// Every variable of every kind, with whose words it holds.
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
    // Lines of other mails, from which words were withheld one by one.
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
    /// Whose words a variable of this name holds; one that is not known could hold anybody's.
    pub fn of(name: &str) -> Self {
        WORDS.iter().find(|(known, _)| *known == name).map_or(Self::Anybody, |(_, whose)| *whose)
    }
}

impl MailKind {
    /// Whether mail of this kind goes to mailboxes of which nobody has shown yet that they are theirs. A kind that goes to
    /// others as a rule, such as the link for a forgotten password, depends on its [`Recipient`].
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

    /// Whether it greets by a name only where staff chose it.
    fn is_by_staff(self) -> bool {
        matches!(self, Self::NewAccount | Self::Invitation | Self::InvitationReminder)
    }

    /// What its templates may use. Another variable is refused when a template is saved (S000-50), and so is one with the
    /// words of anybody where the mailbox may be a stranger's.
    pub fn usable_variables(self) -> impl Iterator<Item = &'static str> {
        let all = COMMON.iter().chain(self.variables()).copied();
        all.filter(move |name| {
            !self.may_reach_strangers()
                || WordsOf::of(name) != WordsOf::Anybody
                || (*name == NAME && self.is_by_staff())
        })
    }

    /// Whether a mail of this kind holds a variable when it is written out. Templates that were saved before the rule was
    /// there, and mails that waited meanwhile, are held to it as well.
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
    fn it_is_written_down_whose_words_each_variable_holds() {
        for kind in MailKind::ALL {
            for name in COMMON.iter().chain(kind.variables()) {
                assert!(WORDS.iter().any(|(known, _)| known == name), "{kind:?} {name}");
                assert_eq!(WordsOf::of(name) == WordsOf::Link, name.ends_with("link"), "{name}");
            }
        }
        assert_eq!(WordsOf::of("of_nobody_knows_what"), WordsOf::Anybody);
    }

    #[test]
    fn mail_to_strangers_holds_nobodys_words_but_those_of_staff() {
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
    fn no_template_can_use_what_its_mail_must_not_hold() {
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
