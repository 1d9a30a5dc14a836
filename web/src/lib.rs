//! The frame of every request, the same for all operations: how it is read, checked against the document, counted and
//! answered. What is done in between is the application's.

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
