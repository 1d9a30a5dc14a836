//! The demo data: two organizations with people, tickets in every status, threads, notes and files. Examples and
//! checks rely on its names; its size is configurable.

mod organizations;
mod stories;
mod world;

use application::app::App;
use application::clock::now;
use application::files::FileStore;
use application::problem::Problem;
use indicatif::{ProgressBar, ProgressStyle};
use persistence::Scope;

use crate::config::Demo;
use crate::serve;
use crate::serve::StartError;

/// The password of all demo accounts.
const PASSWORD: &str = "steward-demo-password";
/// The default number of tickets of the first organization.
const TICKETS: u32 = 40;
/// Tickets created in one transaction.
const AT_ONCE: u32 = 100;

/// Requires that the database contains the demo data and nothing else. Fills an empty one.
pub(crate) async fn ensure(app: &App) -> Result<(), StartError> {
    let state = app.db.read(Scope::PLATFORM, organizations::state).await?;
    match state {
        organizations::State::Empty => make(&app.db, &app.files, &app.passwords, TICKETS, None).await,
        organizations::State::Complete => Ok(()),
        organizations::State::SomethingElse => Err(refused()),
    }
}

fn refused() -> StartError {
    StartError::Demo(
        "the database holds something else than the demo world; give --demo a data directory of its own"
            .to_owned(),
    )
}

/// Fills an empty database with demo data of the requested size.
pub(crate) async fn fill(settings: &Demo) -> Result<(), StartError> {
    let db = serve::open(&settings.storage)?;
    if !matches!(db.read(Scope::PLATFORM, organizations::state).await?, organizations::State::Empty) {
        return Err(refused());
    }
    let files =
        FileStore::local(&settings.storage.data_dir.join("attachments")).map_err(StartError::Files)?;
    let passwords = application::passwords::Passwords::new()?;
    make(&db, &files, &passwords, settings.tickets, settings.messages).await
}

async fn make(
    db: &persistence::Db,
    files: &FileStore,
    passwords: &application::passwords::Passwords,
    tickets: u32,
    messages: Option<u32>,
) -> Result<(), StartError> {
    let hash = passwords.enter()?.hash(PASSWORD.to_owned()).await?;
    let people = tickets / 50;
    let world = db.write(Scope::PLATFORM, move |tx| organizations::make(tx, &hash, people)).await?;
    let bar = ProgressBar::new(tickets.into()).with_style(
        ProgressStyle::with_template("{bar:40} {pos}/{len} tickets")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let end = now();
    let mut first = 0;
    while first < tickets {
        let last = tickets.min(first + AT_ONCE);
        let (sunrise, scope) =
            (world.sunrise.clone(), Scope { org: Some(world.sunrise.id), ..Scope::PLATFORM });
        let batch = db
            .write(scope, move |tx| world::add_tickets(tx, &sunrise, first..last, tickets, messages, end))
            .await?;
        store_files(files, batch).await?;
        bar.set_position(last.into());
        first = last;
    }
    let (harbor, scope) = (world.harbor.clone(), Scope { org: Some(world.harbor.id), ..Scope::PLATFORM });
    let batch = db.write(scope, move |tx| world::add_tickets(tx, &harbor, 0..6, 6, None, end)).await?;
    store_files(files, batch).await?;
    bar.finish_and_clear();
    db.write(Scope::PLATFORM, organizations::seal).await?;
    Ok(())
}

async fn store_files(files: &FileStore, batch: Vec<world::StoredFile>) -> Result<(), Problem> {
    for (key, bytes) in batch {
        let mut file = files.begin(&key).await?;
        file.write(bytes::Bytes::from_static(bytes)).await?;
        file.finish().await?;
    }
    Ok(())
}

/// The log-ins, printed when the demo starts.
pub(crate) fn log_ins() -> String {
    let rows = organizations::PEOPLE.iter().map(|p| format!("  {:<26} {}", p.email, p.what));
    format!("Demo log-ins, all with the password {PASSWORD}:\n{}", rows.collect::<Vec<_>>().join("\n"))
}
