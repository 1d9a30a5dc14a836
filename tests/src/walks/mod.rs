//! Walks over every operation of the document.

mod audit;
mod authz;
mod document;
mod queries;
mod requests;
mod tenants;
