//! The templates that Steward ships, per kind and language.

use mail::{MailKind, Template};

/// The shipped template. `None` for a language that Steward does not support.
pub fn shipped(kind: MailKind, locale: &str) -> Option<Template> {
    let (english, spanish) = both(kind);
    let source = match locale {
        "en" => english,
        "es" => spanish,
        _ => return None,
    };
    let (subject, text) = source.strip_prefix("Subject: ")?.split_once("\n\n")?;
    Some(Template { subject: subject.to_owned(), text: text.to_owned() })
}

#[rustfmt::skip]
fn both(kind: MailKind) -> (&'static str, &'static str) {
    match kind {
        MailKind::ConfirmAddress => (include_str!("templates/en/confirm_address.txt"), include_str!("templates/es/confirm_address.txt")),
        MailKind::AddressKnown => (include_str!("templates/en/address_known.txt"), include_str!("templates/es/address_known.txt")),
        MailKind::ResetPassword => (include_str!("templates/en/reset_password.txt"), include_str!("templates/es/reset_password.txt")),
        MailKind::NewAccount => (include_str!("templates/en/new_account.txt"), include_str!("templates/es/new_account.txt")),
        MailKind::ChangeAddress => (include_str!("templates/en/change_address.txt"), include_str!("templates/es/change_address.txt")),
        MailKind::ProveAddress => (include_str!("templates/en/prove_address.txt"), include_str!("templates/es/prove_address.txt")),
        MailKind::AddressChangeRequested => (include_str!("templates/en/address_change_requested.txt"), include_str!("templates/es/address_change_requested.txt")),
        MailKind::AddressChanged => (include_str!("templates/en/address_changed.txt"), include_str!("templates/es/address_changed.txt")),
        MailKind::PasswordChanged => (include_str!("templates/en/password_changed.txt"), include_str!("templates/es/password_changed.txt")),
        MailKind::TwoFactorChanged => (include_str!("templates/en/two_factor_changed.txt"), include_str!("templates/es/two_factor_changed.txt")),
        MailKind::Invitation => (include_str!("templates/en/invitation.txt"), include_str!("templates/es/invitation.txt")),
        MailKind::InvitationReminder => (include_str!("templates/en/invitation_reminder.txt"), include_str!("templates/es/invitation_reminder.txt")),
        MailKind::AccountLocked => (include_str!("templates/en/account_locked.txt"), include_str!("templates/es/account_locked.txt")),
        MailKind::AccountSuspended => (include_str!("templates/en/account_suspended.txt"), include_str!("templates/es/account_suspended.txt")),
        MailKind::AccountReactivated => (include_str!("templates/en/account_reactivated.txt"), include_str!("templates/es/account_reactivated.txt")),
        MailKind::DeletionScheduled => (include_str!("templates/en/deletion_scheduled.txt"), include_str!("templates/es/deletion_scheduled.txt")),
        MailKind::DeletionDone => (include_str!("templates/en/deletion_done.txt"), include_str!("templates/es/deletion_done.txt")),
        MailKind::RolesChanged => (include_str!("templates/en/roles_changed.txt"), include_str!("templates/es/roles_changed.txt")),
        MailKind::MembershipDecided => (include_str!("templates/en/membership_decided.txt"), include_str!("templates/es/membership_decided.txt")),
        MailKind::NewReply => (include_str!("templates/en/new_reply.txt"), include_str!("templates/es/new_reply.txt")),
        MailKind::StatusChanged => (include_str!("templates/en/status_changed.txt"), include_str!("templates/es/status_changed.txt")),
        MailKind::TicketReceived => (include_str!("templates/en/ticket_received.txt"), include_str!("templates/es/ticket_received.txt")),
        MailKind::ConfirmationHelp => (include_str!("templates/en/confirmation_help.txt"), include_str!("templates/es/confirmation_help.txt")),
        MailKind::DecisionPending => (include_str!("templates/en/decision_pending.txt"), include_str!("templates/es/decision_pending.txt")),
        MailKind::CriticalChangePending => (include_str!("templates/en/critical_change_pending.txt"), include_str!("templates/es/critical_change_pending.txt")),
        MailKind::ApproverChanged => (include_str!("templates/en/approver_changed.txt"), include_str!("templates/es/approver_changed.txt")),
        MailKind::Digest => (include_str!("templates/en/digest.txt"), include_str!("templates/es/digest.txt")),
        MailKind::PermissionDenied => (include_str!("templates/en/permission_denied.txt"), include_str!("templates/es/permission_denied.txt")),
        MailKind::FeatureRequestAcknowledged => (include_str!("templates/en/feature_request_acknowledged.txt"), include_str!("templates/es/feature_request_acknowledged.txt")),
        MailKind::BugReportConfirmed => (include_str!("templates/en/bug_report_confirmed.txt"), include_str!("templates/es/bug_report_confirmed.txt")),
        MailKind::EscalationNotice => (include_str!("templates/en/escalation_notice.txt"), include_str!("templates/es/escalation_notice.txt")),
    }
}

#[cfg(test)]
mod tests {
    use mail::{Branding, SHIPPED_LOCALES};

    use super::*;
    use crate::mail::render::preview;

    #[test]
    fn every_kind_has_words_in_every_language_and_they_can_be_filled_in() {
        for kind in MailKind::ALL {
            for locale in SHIPPED_LOCALES {
                let template = shipped(kind, locale).unwrap();
                assert_eq!(template.faults(kind), [], "{kind:?} {locale}");
                let written = preview(&template, kind, &Branding::of("Sunrise Therapy"), locale).unwrap();
                assert!(
                    !written.subject.contains(['{', '\n']) && !written.text.contains("{{"),
                    "{kind:?} {locale}"
                );
                assert!(
                    written.html.contains("<p>") && !written.html.contains("<p></p>"),
                    "{kind:?} {locale}"
                );
            }
        }
    }
}
