//! Steward: a customer-support backend. See README.md.

mod accounts;
mod agreements;
mod answer;
mod app;
mod approvals;
mod approvers;
mod attachments;
mod bearer;
mod body;
mod call;
mod categories;
mod clock;
mod config;
mod connections;
mod context;
mod contract;
mod cursor;
mod demo;
mod disk;
mod edge;
mod files;
mod history;
mod index_requests;
mod invitations;
mod jobs;
mod keys;
mod locations;
mod mail;
mod mail_templates;
mod members;
mod membership_requests;
mod messages;
mod metrics;
mod one_time;
mod openapi;
mod orgs;
mod owner_recovery;
mod pages;
mod paging;
mod passwords;
mod pending_decisions;
mod people;
mod permission_requests;
mod platform;
mod private_files;
mod problem;
mod problem_codes;
mod rate_limit;
mod request_id;
mod roles;
mod routes;
mod serve;
mod sessions;
mod stopping;
mod strict_json;
mod system;
mod test_clock;
mod tickets;
mod two_factor;
mod users;
mod words;
mod yaml;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use config::{Cli, Command};
use serve::StartError;

/// Gives back what several threads had in use for a moment: a seventh less memory than with the allocator of the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    private_files::close_new_files();
    let result = match Cli::parse().command {
        Command::Serve(settings) => actix_web::rt::System::new().block_on(serve::serve(*settings)),
        Command::Migrate(storage) => serve::open(&storage).map(drop),
        Command::Openapi => print_document(),
        Command::Backup(settings) => backup(&settings),
        Command::OwnerRecovery(settings) => {
            actix_web::rt::System::new().block_on(owner_recovery::run(*settings))
        }
        Command::Demo(settings) => actix_web::rt::System::new().block_on(demo::fill(&settings)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The one line that a person who starts the program has to see; the log may be filtered.
            let line = error.to_string().split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = writeln!(std::io::stderr(), "steward: {line}");
            ExitCode::FAILURE
        }
    }
}

fn backup(settings: &config::Backup) -> Result<(), StartError> {
    persistence::backup(&settings.storage.url(), &settings.file)?;
    let said = writeln!(
        std::io::stdout(),
        "The database is copied to {}. Copy the attachments and the signing key now, too.",
        settings.file.display()
    );
    said.map_err(StartError::Output)
}

fn print_document() -> Result<(), StartError> {
    let yaml = openapi::yaml(&routes::document()?)?;
    std::io::stdout().write_all(yaml.as_bytes()).map_err(StartError::Output)
}
