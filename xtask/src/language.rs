//! Words that Steward has left behind, so that they do not come back: each stood for something that the field names otherwise.

use std::fs;
use std::path::Path;

use crate::Outcome;

/// A word of code or of the wire, and what to write instead.
const BANNED: &[(&str, &str)] = &[
    ("AccountMove", "AccountTransition"),
    ("CareRefused", "AccountAuthorityRefused"),
    ("MailWishes", "NotificationPreferences"),
    ("MoveRefused", "TransitionRefused"),
    ("bring_in_line", "propagate_account_changes"),
    ("counts_at", "is_effective_at"),
    ("decision_waits", "decision_pending"),
    ("given_role", "granted_role"),
    ("happened_apart", "system_account_event"),
    ("installation", "platform"),
    ("judge_waiting_mails_anew", "reschedule_queued_mails"),
    ("keep_account", "save_managed_account"),
    ("keep_message", "save_message"),
    ("keep_status", "save_status"),
    ("keep_ticket", "save_ticket"),
    ("keeps_owners", "require_remaining_owner"),
    ("may_be_seen_through", "require_viewable"),
    ("may_be_taken_up_by", "may_be_claimed_by"),
    ("move_user", "transfer_user"),
    ("note_look", "record_access"),
    ("note_reading", "record_reading"),
    ("one_platform_change_at_a_time", "lock_platform_roles"),
    ("require_counting", "require_effective"),
    ("require_leave", "require_approved"),
    ("settle_invitation", "close_open_invitation"),
    ("tell_of", "notify_of"),
    ("tell_requester", "notify_requester"),
    ("telling_when", "time"),
    ("telling_where", "link"),
    ("tells_something", "has_changes"),
    ("unwanted_mails", "muted_mails"),
    ("person_not_here_yet", "membership_unclaimed"),
    ("member_shut_out", "member_cannot_log_in"),
    ("waits_for_approval", "approval_pending"),
    ("wanted_permission", "requested_permission"),
    ("wanted_role", "requested_role"),
];
/// The kinds of files that people read.
const READ: [&str; 6] = ["rs", "md", "sql", "txt", "yaml", "yml"];
const SKIPPED: [&str; 3] = ["target", "node_modules", "steward-data"];
const THIS_FILE: &str = "language.rs";

/// Each banned word in the files below a folder, with its place.
pub(crate) fn faults(root: &Path) -> Result<Vec<String>, String> {
    let mut faults = Vec::new();
    look_through(root, root, &mut faults)?;
    Ok(faults)
}

fn look_through(root: &Path, folder: &Path, faults: &mut Vec<String>) -> Outcome {
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || SKIPPED.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            look_through(root, &path, faults)?;
        } else if name != THIS_FILE
            && path.extension().is_some_and(|kind| READ.iter().any(|read| kind == *read))
        {
            let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let place = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            faults.extend(in_text(&place, &text));
        }
    }
    Ok(())
}

fn in_text(place: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let words = line.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        for word in words {
            if let Some((banned, better)) = BANNED.iter().find(|(banned, _)| *banned == word) {
                faults.push(format!("{place}:{}: {banned} - write {better}", number + 1));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banned_word_is_found_with_its_place_and_what_to_write_instead() {
        let found = in_text("docs/a.md", "Plain.\nThe installation, and `tell_of`.\nNo reinstallations.");
        assert_eq!(
            found,
            ["docs/a.md:2: installation - write platform", "docs/a.md:2: tell_of - write notify_of"]
        );
    }
}
