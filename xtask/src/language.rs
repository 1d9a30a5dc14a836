//! Banned words: each has another name in the field. Persons of unknown gender are "they", or named by their role.

use std::fs;
use std::path::Path;

use crate::outcome::Outcome;

/// A word of code or of the wire, and what to write instead.
const BANNED: &[(&str, &str)] = &[
    ("AccountMove", "AccountTransition"),
    ("ApprovalCourse", "TakesEffect"),
    ("EmailWord", "EmailAddress"),
    ("Entrant", "AddedPerson"),
    ("HandOver", "AccountTask"),
    ("CareRefused", "AccountAuthorityRefused"),
    ("MailWishes", "NotificationPreferences"),
    ("MoveRefused", "TransitionRefused"),
    ("address_change_asked", "address_change_requested"),
    ("approval_given", "approval_granted"),
    ("bring_in_line", "propagate_account_changes"),
    ("counts_at", "is_effective_at"),
    ("decision_waits", "decision_pending"),
    ("given_role", "granted_role"),
    ("happened_apart", "system_account_event"),
    ("installation", "platform"),
    ("hurry_mail", "make_mail_due"),
    ("introduced_name", "unclaimed_name"),
    ("judge_waiting_mails_anew", "reschedule_queued_mails"),
    ("keep_account", "save_managed_account"),
    ("keep_message", "save_message"),
    ("keep_status", "save_status"),
    ("keep_ticket", "save_ticket"),
    ("keeps_owners", "require_remaining_owner"),
    ("may_be_seen_through", "require_viewable"),
    ("move_user", "transfer_user"),
    ("needs_approval", "after_approval"),
    ("note_look", "record_access"),
    ("note_reading", "record_reading"),
    ("one_platform_change_at_a_time", "lock_platform_roles"),
    ("require_counting", "require_effective"),
    ("require_leave", "require_approved"),
    ("settle_invitation", "close_open_invitation"),
    ("tell_requester", "notify_requester"),
    ("telling_when", "time"),
    ("telling_where", "link"),
    ("tells_something", "has_changes"),
    ("unwanted_mails", "muted_mails"),
    ("owner_recovery_link_made", "owner_recovery_link_created"),
    ("person_not_here_yet", "membership_unclaimed"),
    ("member_shut_out", "member_cannot_log_in"),
    ("waits_for_approval", "approval_pending"),
    ("wanted_permission", "requested_permission"),
    ("wanted_role", "requested_role"),
];
/// Pronouns that exclude some of the people they stand for. Checked in comments, documents and descriptions: other texts
/// may be somebody's own words.
const PRONOUNS: [&str; 8] = ["he", "her", "hers", "herself", "him", "himself", "his", "she"];
/// The keys of YAML files whose values are texts of the project.
const DESCRIBING: [&str; 3] = ["description", "summary", "title"];
/// The kinds of files that people read.
const READ: [&str; 6] = ["rs", "md", "sql", "txt", "yaml", "yml"];
const SKIPPED: [&str; 3] = ["target", "node_modules", "steward-data"];
const THIS_FILE: &str = "language.rs";

/// Each banned word and pronoun in the files below a folder, with its place.
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
        for word in words(line) {
            if let Some((banned, better)) = BANNED.iter().find(|(banned, _)| *banned == word) {
                faults.push(format!("{place}:{}: {banned} - write {better}", number + 1));
            }
        }
        for word in words(prose(place, line)) {
            if PRONOUNS.iter().any(|pronoun| word.eq_ignore_ascii_case(pronoun)) {
                faults.push(format!("{place}:{}: {word} - write they, their, or the role", number + 1));
            }
        }
    }
    faults
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}

/// The part of a line that the project itself says to its readers.
fn prose<'a>(place: &str, line: &'a str) -> &'a str {
    let (_, kind) = place.rsplit_once('.').unwrap_or_default();
    match kind {
        "md" => line,
        "rs" => comment(line, "//"),
        "sql" => comment(line, "--"),
        "yaml" | "yml" if !is_data(line) => line,
        _ => "",
    }
}

fn comment<'a>(line: &'a str, sign: &str) -> &'a str {
    let start = line.trim_start();
    if start.starts_with(sign) {
        return start;
    }
    line.split_once(&format!(" {sign} ")).map_or("", |(_, comment)| comment)
}

/// Whether a line of YAML has a key whose value is no description, such as an example.
fn is_data(line: &str) -> bool {
    let entry = line.trim_start().trim_start_matches("- ");
    entry.split_once(": ").is_some_and(|(key, _)| {
        let is_key = key.chars().all(|letter| letter.is_alphanumeric() || "_-$".contains(letter));
        is_key && !DESCRIBING.contains(&key)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_banned_word_is_found_with_its_place_and_what_to_write_instead() {
        let found = in_text("docs/a.md", "Plain.\nThe installation, and `keep_ticket`.\nNo reinstallations.");
        assert_eq!(
            found,
            ["docs/a.md:2: installation - write platform", "docs/a.md:2: keep_ticket - write save_ticket"]
        );
    }

    #[test]
    fn a_pronoun_is_found_in_comments_documents_and_descriptions() {
        let count = |place: &str, text: &str| in_text(place, text).len();
        assert_eq!(
            in_text("a.rs", "let name = \"his\"; // Him.\n/// The theme of his.\nlet his = \"//he\";"),
            ["a.rs:1: Him - write they, their, or the role", "a.rs:2: his - write they, their, or the role"]
        );
        assert_eq!(count("a.md", "She or he.\nOther, hero, shed, this, the."), 2);
        assert_eq!(count("a.sql", "-- As he is.\nINSERT INTO a VALUES ('he'); -- Hers."), 2);
        assert_eq!(count("a.yaml", "description: What he reads.\nreason: Ask her.\n  and what he writes"), 2);
        assert_eq!(count("a.txt", "he"), 0);
    }
}
