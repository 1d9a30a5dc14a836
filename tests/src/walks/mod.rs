//! Walks over every operation of the document.

mod authz;
mod document;
mod queries;
mod requests;
mod tenants;
