//! Queues of the jobs, which a commit wakes: the work of a transaction is done without waiting for the next
//! poll.

use tokio::sync::Notify;

/// A table of work that is done after the transaction that caused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Mail to send.
    Mail,
    /// Requests of anonymous callers by address, such as a password reset.
    AccountRequests,
    /// Changes of the approvers, of which the other holders are notified.
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
