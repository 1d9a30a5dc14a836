//! What people in the demo world ask and answer.

use tickets::Priority;

/// One request and how it went.
pub(super) struct Story {
    pub(super) subject: &'static str,
    pub(super) details: &'static str,
    pub(super) urgency: Priority,
    /// Key of the category that staff sort it into.
    pub(super) category: &'static str,
    pub(super) answer: &'static str,
    pub(super) reply: &'static str,
    pub(super) note: &'static str,
    pub(super) outcome: &'static str,
}

pub(super) const STORIES: [Story; 14] = [
    Story { subject: "Can't open my schedule", details: "Since this morning the schedule page stays empty on my tablet. On the desk computer it opens.", urgency: Priority::Normal, category: "technical.display.mobile", answer: "Thank you for telling us. Could you tell which tablet it is, and whether it shows the page when you turn it sideways?", reply: "It is the blue one from the shelf. Sideways it works!", note: "Third report this week about the blue tablets; their browser is two years old.", outcome: "The tablets were updated; the schedule opens again." },
    Story { subject: "Password reset mail never arrives", details: "I asked for a new password three times. Nothing in the inbox, nothing in spam.", urgency: Priority::High, category: "account.password", answer: "We are looking into the mail log for your address and come back to you today.", reply: "I still have nothing, and I need to write my session notes tonight.", note: "Address on file has a typo: .con instead of .com.", outcome: "The address on file was corrected and a new mail sent." },
    Story { subject: "Need access to the supervision folder", details: "I moved to the Riverside team on Monday and can't see the supervision documents.", urgency: Priority::Normal, category: "access.permission", answer: "Your supervisor has to confirm that. We have asked her.", reply: "She says she has written to you.", note: "Confirmed by phone with her supervisor.", outcome: "Access to the Riverside supervision folder was given." },
    Story { subject: "Session notes lost after saving", details: "I saved the notes of the 10 o'clock session and they are gone. The page said it was saved.", urgency: Priority::Critical, category: "technical.function.form", answer: "We treat this as urgent. Please don't write the notes again yet; we are looking for them.", reply: "Thank you. The client is the second one on my list for today.", note: "Found in the draft store; the saving call timed out. Engineers told.", outcome: "The notes were found and restored, and the fault is fixed." },
    Story { subject: "Upload of a signed form fails", details: "The scan of the consent form is about 9 MB. The upload stops at half.", urgency: Priority::Normal, category: "technical.function.upload", answer: "Files of up to 10 MB are taken. Could you try on the wired network once?", reply: "On the wire it went through at once.", note: "Wireless at Downtown drops; hardware request is open.", outcome: "The form was uploaded over the wired network; the access point will be replaced." },
    Story { subject: "Wrong clinic shown in my profile", details: "My profile says Riverside, but I work at Downtown.", urgency: Priority::Low, category: "account", answer: "We have changed it; please look whether it is right now.", reply: "It is, thank you!", note: "Imported wrongly from the old list.", outcome: "The clinic in the profile was corrected." },
    Story { subject: "Calendar invitations come twice", details: "Every invitation to a team meeting reaches me two times since last week.", urgency: Priority::Low, category: "technical.function.notification", answer: "You were in the team's list twice. One of the two is gone now.", reply: "Today only one came.", note: "Check the list for other doubles.", outcome: "The double entry in the team's list was removed." },
    Story { subject: "Log-in says my account is locked", details: "I mistyped my password a few times and now I can't get in at all.", urgency: Priority::High, category: "account.lockout", answer: "It opens again by itself after a quarter of an hour. Could you try now?", reply: "I am in again.", note: "No sign of anybody else trying.", outcome: "The lock had ended by itself; the account is fine." },
    Story { subject: "Search does not find an old client file", details: "Searching for the file number brings nothing, although I have it on paper in front of me.", urgency: Priority::Normal, category: "technical.function.search", answer: "Files from before 2024 are in the archive. We are asking for this one.", reply: "Good to know. It is number 2231.", note: "Archive takes two days.", outcome: "The file was brought back from the archive." },
    Story { subject: "Could the timer have a louder sound?", details: "In the playroom I never hear when the interval is over.", urgency: Priority::Low, category: "technical.function", answer: "A good idea; we have passed it on. Until then: the tablet's own volume is separate from the app's.", reply: "I had not found that one. It helps.", note: "Second wish for this.", outcome: "The wish is with the product team; a way around was found." },
    Story { subject: "Who may see a client's report?", details: "A parent asks who in the clinic can open the report. What may I answer?", urgency: Priority::Normal, category: "privacy", answer: "The treating team and the clinic manager. We are sending you a text that you may hand out.", reply: "That is what I needed.", note: "Text approved by the privacy officer.", outcome: "The approved text was sent." },
    Story { subject: "Printer at the front desk prints blank pages", details: "Every page comes out white since the weekend.", urgency: Priority::High, category: "technical", answer: "Somebody comes by this afternoon. Please use the one on the second floor until then.", reply: "All right.", note: "Toner arrived already.", outcome: "The toner was replaced." },
    Story { subject: "Training video has no sound", details: "The video on safety in the playroom plays without sound for all of us.", urgency: Priority::Normal, category: "access.content", answer: "The file was damaged. We have asked for it again.", reply: "Is there a date? The training is due on Friday.", note: "Vendor promises Thursday.", outcome: "A repaired video is in place." },
    Story { subject: "New colleague needs an account by Monday", details: "Sam Field starts on Monday as RBT at Downtown.", urgency: Priority::Normal, category: "account.confirmation", answer: "We have sent the link to his private address, as you asked.", reply: "He has it. Thank you!", note: "Start date checked with the office.", outcome: "The account is ready." },
];

/// A note that somebody attached.
pub(super) const TEXT: &[u8] = b"Steps to see it:\n1. Open the page.\n2. Wait ten seconds.\n3. Nothing comes.\n";

/// A picture that somebody attached.
pub(super) const PICTURE: &[u8] = include_bytes!("screen.png");
