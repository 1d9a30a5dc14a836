//! The databases: connections, transactions, and what every statement uses.

pub(crate) mod backup;
pub(crate) mod connection;
pub(crate) mod constraint;
pub(crate) mod database;
pub(crate) mod error;
pub(crate) mod guarded_update;
pub(crate) mod health;
pub(crate) mod housekeeping;
pub(crate) mod idempotency;
pub(crate) mod keyset;
pub(crate) mod migrate;
pub(crate) mod partial_indexes;
pub(crate) mod pool;
pub(crate) mod queues;
pub(crate) mod schema;
pub(crate) mod sql_types;
pub(crate) mod texts;
pub(crate) mod time_limit;
pub(crate) mod tx;
pub(crate) mod window;
pub(crate) mod writer;
