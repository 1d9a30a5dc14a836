//! The request frame that all operations share: reading, checking against the document, counting and responding. The
//! application crate does the work in between.

pub mod answer;
pub mod body;
pub mod call;
pub mod contract;
pub mod cursor;
pub mod edge;
pub mod metrics;
pub mod openapi;
pub mod paging;
pub mod problem;
pub mod rate_limit;
pub mod request_id;
pub mod state;
pub mod strict_json;
pub mod values;
pub mod yaml;
