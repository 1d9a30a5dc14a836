use std::collections::{BTreeMap, BTreeSet};

use ::orgs::OrgId;
use ::users::UserId;
use diesel::connection::SimpleConnection;

use crate::StoreError;
use crate::db::connection::AnyConnection;
use crate::db::queues::Queue;
use crate::log::events::LogEntry;

/// The scope of a transaction. PostgreSQL's row security shows it only these rows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scope {
    /// The organization of the request's path.
    pub org: Option<OrgId>,
    /// The caller.
    pub user: Option<UserId>,
    /// Whether it works for the platform as a whole: creating organizations, listing them, jobs.
    pub is_platform: bool,
}

impl Scope {
    /// For the platform as a whole.
    pub const PLATFORM: Self = Self { org: None, user: None, is_platform: true };

    /// For one person, beside all organizations.
    pub fn of(user: UserId) -> Self {
        Self { user: Some(user), ..Self::default() }
    }
}

/// A page of a list, in its order.
#[derive(Debug, Clone, Copy)]
pub struct Page<K> {
    /// The last row of the previous page.
    pub after: Option<K>,
    /// Maximum number of rows; one more is loaded to see whether there are more.
    pub limit: i64,
}

impl<K> Page<K> {
    /// Rows to load.
    pub(crate) fn rows(&self) -> i64 {
        self.limit + 1
    }
}

/// A transaction. It is committed only if its closure returns `Ok`.
pub struct Tx<'c> {
    pub(crate) conn: &'c mut AnyConnection,
    is_platform: bool,
    log: Vec<LogEntry>,
    /// Queues that it added to. Their jobs are woken after the commit.
    pub(crate) filled: Vec<Queue>,
    /// Who is responsible for the rights that it grants, and who approved that.
    pub(crate) rights_given_by: Option<UserId>,
    pub(crate) rights_given_through: BTreeSet<UserId>,
    pub(crate) rights_approved_by: Option<UserId>,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: &'c mut AnyConnection, is_platform: bool) -> Self {
        Self {
            conn,
            is_platform,
            log: Vec::new(),
            filled: Vec::new(),
            rights_given_by: None,
            rights_given_through: BTreeSet::new(),
            rights_approved_by: None,
        }
    }

    /// Adds an event; it is saved last, so that its place in the order is that of the commit.
    pub fn record(&mut self, entry: LogEntry) {
        self.log.push(entry);
    }

    /// Saves the events. The last step before the commit.
    pub(crate) fn finish(&mut self) -> Result<(), StoreError> {
        let mut by_org: BTreeMap<OrgId, Vec<LogEntry>> = BTreeMap::new();
        for entry in std::mem::take(&mut self.log) {
            by_org.entry(entry.org).or_default().push(entry);
        }
        for (org, entries) in by_org {
            // A transaction of the platform may have events of several organizations.
            if self.is_platform {
                self.enter(org)?;
            }
            crate::log::events::append(self.conn, org, &entries)?;
        }
        Ok(())
    }

    /// Continues in the scope of an organization: one that this transaction created, or, for the platform as
    /// a whole, one after the other.
    pub fn enter(&mut self, org: OrgId) -> Result<(), StoreError> {
        if let AnyConnection::Postgres(conn) = &mut *self.conn {
            conn.batch_execute(&format!("SET LOCAL app.org_id = '{}'", org.0))?;
        }
        Ok(())
    }

    /// Runs a closure in the scope of the platform, within a transaction of an organization: for an account
    /// that the organization manages.
    pub fn for_platform<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.is_platform {
            return work(self);
        }
        self.set_platform(true)?;
        let done = work(self)?;
        self.set_platform(false)?;
        Ok(done)
    }

    fn set_platform(&mut self, is_platform: bool) -> Result<(), StoreError> {
        self.is_platform = is_platform;
        let value = if is_platform { "on" } else { "" };
        if let AnyConnection::Postgres(conn) = &mut *self.conn {
            conn.batch_execute(&format!("SET LOCAL app.is_platform = '{value}'"))?;
        }
        Ok(())
    }
}

/// The statements that begin a transaction on PostgreSQL, sent as one.
pub(crate) fn postgres_begin(scope: &Scope, read_only: bool) -> String {
    let id = |id: Option<uuid::Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    format!(
        "BEGIN {}; SET LOCAL ROLE steward_app; SET LOCAL app.org_id = '{}'; SET LOCAL app.user_id = '{}'; SET LOCAL app.is_platform = '{}'",
        if read_only { "READ ONLY" } else { "READ WRITE" },
        id(scope.org.map(|o| o.0)),
        id(scope.user.map(|u| u.0)),
        if scope.is_platform { "on" } else { "" },
    )
}
