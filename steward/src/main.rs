//! Steward: a customer-support backend. See README.md.

mod config;
mod connections;
mod database;
mod demo;
mod docs;
mod owner_recovery;
mod pages;
mod routes;
mod serve;
mod start_error;
mod stopping;
mod system;
mod test_clock;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::config::{Cli, Command};
use crate::start_error::StartError;

/// Returns memory that several threads used only briefly: a seventh less memory than with the allocator of the C
/// library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    application::private_files::close_new_files();
    let result = match Cli::parse().command {
        Command::Serve(settings) => actix_web::rt::System::new().block_on(serve::serve(*settings)),
        Command::Migrate(storage) => database::open(&storage).map(drop),
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
            // The error is printed because the log may be filtered.
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
    let yaml = web::openapi::yaml(&routes::document()?)?;
    std::io::stdout().write_all(yaml.as_bytes()).map_err(StartError::Output)
}
