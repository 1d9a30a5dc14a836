//! Queues that jobs work off, and how a commit wakes the job: what one transaction asks for is done without waiting for the
//! next poll.

use tokio::sync::Notify;

/// A table of work that is done after the transaction that asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Mail to send.
    Mail,
    /// What somebody without a log-in asked for by an address, such as a password reset.
    AccountRequests,
    /// Changes of who can approve critical changes, which the other holders are notified of.
    Announcements,
}

static MAIL: Notify = Notify::const_new();
static ACCOUNT_REQUESTS: Notify = Notify::const_new();
static ANNOUNCEMENTS: Notify = Notify::const_new();

impl Queue {
    fn bell(self) -> &'static Notify {
        match self {
            Self::Mail => &MAIL,
            Self::AccountRequests => &ACCOUNT_REQUESTS,
            Self::Announcements => &ANNOUNCEMENTS,
        }
    }

    /// Completes when this process has committed work to the queue.
    pub async fn filled(self) {
        self.bell().notified().await;
    }
}

/// Wakes the jobs of these queues, after the commit that filled them.
pub(crate) fn wake(filled: &[Queue]) {
    filled.iter().for_each(|queue| queue.bell().notify_one());
}
