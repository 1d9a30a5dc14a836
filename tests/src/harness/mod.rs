//! What every test uses: servers, clients whose answers are checked against `openapi.yaml`, and worlds of two
//! tenants.

mod client;
mod database;
mod device;
pub(crate) mod document;
mod mailbox;
mod post_office;
mod process;
mod reply;
mod secure_post_office;
mod server;
mod sql;
mod template;
mod test_clock;
mod world;
mod writer_watch;

pub(crate) use client::{Client, form, reach};
pub(crate) use database::{is_postgres, psql};
pub(crate) use device::Device;
pub(crate) use mailbox::Mail;
pub(crate) use post_office::{Behavior, PostOffice};
pub(crate) use process::{SAFE_HASHES, TEST_CLOCK, free_port, steward};
pub(crate) use reply::Reply;
pub(crate) use secure_post_office::{Door, POST_OFFICE_PASSWORD, SecurePostOffice};
pub(crate) use server::{OwnServer, Second, server, statements_sent};
pub(crate) use sql::let_platform_votes_start;
pub(crate) use world::{
    Org, PASSWORD, Person, World, holder_of, platform_owner, second_platform_owner, unique,
};
