//! The clock that tests control: a separate listener on loopback, not part of the API.
//!
//! `GET /now` reads the clock. `PUT /now` moves it forward, runs due jobs, and responds after that. Long distances
//! are split into steps with the jobs at the end of each, so that what one job makes due is done in its time.

use std::net::SocketAddr;

use actix_web::dev::Server;
use actix_web::{App as ActixApp, HttpResponse, HttpServer, web as actix};
use application::app::App;
use application::clock;
use application::jobs::run_due;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::config::TestClock;
use crate::start_error::StartError;

/// The time of the clock.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Now {
    now: DateTime<Utc>,
}

/// Sets the clock to its start, before anything reads it.
pub(crate) fn start(settings: TestClock) -> Result<(), StartError> {
    if settings.listen.is_some_and(|address| !address.ip().is_loopback()) {
        return Err(StartError::Settings("--test-clock listens on loopback only".to_owned()));
    }
    settings.start.into_iter().for_each(clock::set);
    Ok(())
}

/// The listener for tests.
pub(crate) fn server(app: &App, address: SocketAddr) -> Result<Server, StartError> {
    let app = app.clone();
    let server = HttpServer::new(move || {
        let app = app.clone();
        let forward = move |asked: actix::Json<Now>| move_forward(app.clone(), asked.into_inner());
        ActixApp::new()
            .service(actix::resource("/now").route(actix::get().to(read)).route(actix::put().to(forward)))
    });
    let bound = server.workers(1).disable_signals().bind(address);
    Ok(bound.map_err(|e| StartError::Listen(address, e))?.run())
}

async fn read() -> HttpResponse {
    HttpResponse::Ok().json(Now { now: clock::now() })
}

async fn move_forward(app: App, asked: Now) -> HttpResponse {
    if asked.now < clock::now() {
        return HttpResponse::Conflict().body("A clock that runs backward is not offered.");
    }
    clock::set(asked.now);
    match run_due(&app).await {
        Ok(()) => read().await,
        Err(problem) => HttpResponse::InternalServerError().body(problem.to_string()),
    }
}
