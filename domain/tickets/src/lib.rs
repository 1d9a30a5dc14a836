//! Support requests and their rules: one file per rule, each rule a pure function of the loaded state.
//!
//! Nothing here reads the clock, creates an id or accesses storage. Each rule checks the [`roles::Actor`]
//! first.

mod allowed_actions;
mod approval;
mod approval_state;
mod assign;
mod attachment;
mod category;
mod change_status;
mod data_diagnosis;
mod edit;
mod event;
mod file_kind;
mod follow_up;
mod ids;
mod message;
mod open;
mod priority;
mod reply;
mod scope;
mod search;
mod status;
mod text;
mod ticket;
mod triage;
mod upload_limits;

pub use allowed_actions::Action;
pub use approval::ApprovalRefused;
pub use approval_state::{Approval, ApprovalPending, Decided};
pub use assign::AssignRefused;
pub use attachment::{Attachment, AttachmentId, AttachmentsRefused, PENDING_HOURS, admit_attachments};
pub use category::{
    Category, CategoryChange, CategoryId, CategoryRefused, SEEDED_CATEGORIES, SeededCategory,
};
pub use change_status::{StatusChanged, StatusRefused};
pub use data_diagnosis::{DataCheck, DataCheckKind, DataEvidence, DataFix, DataVerdict, diagnose_data};
pub use edit::{Edit, EditRefused};
pub use event::subject;
pub use file_kind::{FileRefused, MAX_FILE_BYTES, check_file, clean_file_name};
pub use follow_up::{FollowUp, FollowUpRefused};
pub use ids::{MessageId, TicketId};
pub use message::Message;
pub use open::{NewTicket, OpenRefused};
pub use priority::Priority;
pub use reply::{Posted, ReplyRefused};
pub use scope::{StaffScope, TicketScope};
pub use search::{MAX_SEARCH_WORDS, search_words};
pub use status::Status;
pub use text::{Body, Details, InvalidSubject, InvalidText, Reason, Subject, Summary, Text};
pub use ticket::{Ticket, WaitingOn};
pub use triage::{Triage, TriageRefused};
pub use upload_limits::{
    DAILY_HOURS, REMOVAL_MINUTES, UPLOAD_MINUTES, UploadLimits, UploadRefused, Uploaded,
};

/// Maximum number of files with one opening request, reply or note (R8).
pub const MAX_ATTACHMENTS: usize = 5;
