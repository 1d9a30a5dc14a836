//! Walks over every operation of the document.

mod audit;
mod authz;
mod callers;
mod document;
mod pages;
mod queries;
mod reference;
mod requests;
mod tenants;
mod tenants_people;
