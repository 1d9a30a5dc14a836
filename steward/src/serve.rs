//! Startup, serving and shutdown.

use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::http::header::HeaderName;
use actix_web::middleware::{Condition, from_fn};
use actix_web::{App as ActixApp, HttpResponse, HttpServer, web as actix};
use application::accounts::guess_queue::GuessQueue;
use application::app::{self, App};
use application::disk::Disk;
use application::files::FileStore;
use application::jobs;
use application::keys::{SigningKeys, hex};
use application::mail::places::Places;
use application::mail::transport::Transport;
use application::passwords::Passwords;
use application::stopping::Stopping;
use persistence::Db;
use sha2::{Digest, Sha256};
use tickets::UploadLimits;
use tokio::sync::Mutex;
use utoipa_actix_web::{AppExt, scope};
use validator::Validate;
use web::contract::Contract;
use web::cursor::CursorSealer;
use web::metrics::Metrics;
use web::rate_limit::RateLimits;
use web::state::{self, Document, State};
use web::{edge, openapi};

use crate::config::Serve;
use crate::connections::{Connections, listen, raise_file_limit};
use crate::database::open;
use crate::start_error::StartError;
use crate::{demo, docs, pages, routes, stopping, system, test_clock};

const KEEP_ALIVE: Duration = Duration::from_secs(65);
const HEAD_TIMEOUT: Duration = Duration::from_secs(8);
/// The time limit for connections after [`stopping`] has waited for their requests.
const SHUTDOWN_SECONDS: u64 = 1;

/// Serves until a signal ends it ([`stopping`]).
pub(crate) async fn serve(settings: Serve) -> Result<(), StartError> {
    settings.validate().map_err(|e| StartError::Settings(first_message(&e)))?;
    if settings.demo && !settings.listen.ip().is_loopback() {
        return Err(StartError::Demo(
            "--demo has well-known passwords, so it listens on loopback only".to_owned(),
        ));
    }
    test_clock::start(settings.test_clock)?;
    let db = open(&settings.storage)?;
    let state = build(&settings, db)?;
    let app = &state.app;
    if settings.demo {
        demo::ensure(app).await?;
    }
    let setup = if settings.demo { None } else { jobs::first_setup::issue(app).await? };
    let listen_error = |e| StartError::Listen(settings.listen, e);
    let listener = listen(settings.listen).map_err(listen_error)?;
    let server =
        api_server(&state, &settings, listener.try_clone().map_err(listen_error)?).map_err(listen_error)?;
    stopping::on_signals(app, &server.handle(), listener).map_err(StartError::Signals)?;
    let metrics =
        settings.metrics_listen.map(|address| metrics_server(&state, &settings, address)).transpose()?;
    let test_clock =
        settings.test_clock.listen.map(|address| test_clock::server(app, address)).transpose()?;
    raise_file_limit();
    announce(&settings, setup.as_deref()).map_err(StartError::Output)?;
    jobs::start(app);
    actix_web::rt::spawn(forget_idle(state.clone()));
    for beside in metrics.into_iter().chain(test_clock) {
        actix_web::rt::spawn(beside);
    }
    server.await.map_err(StartError::Server)
}

fn first_message(errors: &validator::ValidationErrors) -> String {
    let all = errors.field_errors();
    all.values()
        .flat_map(|list| list.iter())
        .map(|e| e.code.to_string())
        .next()
        .unwrap_or_else(|| "a setting is wrong".to_owned())
}

/// The state of the server, with the application in it.
fn build(settings: &Serve, db: Db) -> Result<State, StartError> {
    let storage = &settings.storage;
    let keys = SigningKeys::load_or_create(&storage.data_dir.join("signing-key"))?;
    let files = match &settings.attachments_url {
        Some(url) => FileStore::s3(url),
        None => FileStore::local(&storage.data_dir.join("attachments")),
    };
    let files = files.map_err(StartError::Files)?;
    let bounds = settings.uploads;
    let mail =
        Transport::new(settings.smtp_url.as_deref(), &settings.mail_from, &storage.data_dir.join("mail"));
    let document = routes::document()?;
    let (json, yaml) = (document.to_string(), openapi::yaml(&document)?);
    let etag = format!("\"{}\"", hex(&Sha256::digest(&json)).chars().take(16).collect::<String>());
    let cursors = CursorSealer::new(keys.derived("cursors"));
    let app = App::new(app::AppParts {
        db,
        keys,
        passwords: Passwords::new()?,
        guesses: GuessQueue::default(),
        disk: Disk::new(storage.folders(), &files, bounds.disk_reserve_bytes),
        files,
        upload_limits: UploadLimits {
            pending_files: bounds.max_pending_files,
            pending_bytes: bounds.max_pending_bytes,
            daily_bytes: bounds.max_daily_upload_bytes,
            org_bytes: bounds.max_org_bytes,
        },
        mail: mail.map_err(StartError::Mail)?,
        mail_permits: Places::default(),
        strays: Mutex::default(),
        stopping: Stopping::default(),
        public_url: public_url(settings),
        owner_email: settings.owner_email.clone(),
    });
    Ok(State::new(state::StateParts {
        app,
        cursors,
        limits: RateLimits::new(settings.rate_limit),
        contract: Contract::of(&document)?,
        metrics: Metrics::new()?,
        trusted_proxies: settings.trusted_proxies.clone(),
        document: Document { json, yaml, etag },
    }))
}

/// The interval at which idle callers are removed.
const FORGET_IDLE: Duration = Duration::from_secs(600);

/// Removes callers whose rate limit is complete again, so that memory use is bounded.
async fn forget_idle(state: State) {
    while !state.app.stopping.has_begun() {
        state.limits.forget_idle();
        state.app.stopping.sleep(FORGET_IDLE).await;
    }
}

fn public_url(settings: &Serve) -> String {
    let url = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.listen));
    url.trim_end_matches('/').to_owned()
}

fn api_server(
    state: &State,
    settings: &Serve,
    listener: TcpListener,
) -> std::io::Result<actix_web::dev::Server> {
    let (state, origins) = (state.clone(), settings.allowed_origins.clone());
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(state.clone())
            .wrap(from_fn(stopping::refuse_late))
            .wrap(Condition::new(!origins.is_empty(), cors(&origins)))
            .wrap(from_fn(edge::edge))
            .wrap(from_fn(stopping::count_and_close))
            .into_utoipa_app()
            .configure(system::configure_outside)
            .service(scope("/api/v1").configure(routes::configure_api))
            .into_app()
            .configure(system::configure_pages)
            .configure(pages::configure)
            .configure(docs::configure)
            .default_service(actix::to(edge::unrouted))
    });
    let connections = connections(settings);
    let bound = server
        .on_connect(move |io, extensions| connections.on_connect(io, extensions))
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        .disable_signals()
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .server_hostname("steward")
        .listen(listener)?;
    Ok(bound.run())
}

/// The connection slots of one listener.
fn connections(settings: &Serve) -> Arc<Connections> {
    let most = usize::try_from(settings.connections_per_address.get()).unwrap_or(usize::MAX);
    Connections::new(most, &settings.trusted_proxies)
}

/// Allows browsers of these origins only. Origins are matched exactly, never reflected.
fn cors(origins: &[String]) -> Cors {
    let exposed = [
        "ETag",
        "Link",
        "Location",
        "RateLimit",
        "RateLimit-Policy",
        "Retry-After",
        "X-Request-Id",
        "Idempotency-Replayed",
        "Viewing-As",
        "Deprecation",
        "Sunset",
        "Content-Disposition",
    ];
    let names = exposed.iter().filter_map(|name| name.parse::<HeaderName>().ok());
    let taken =
        ["authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "x-request-id"];
    let cors = Cors::default()
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers(taken.iter().filter_map(|name| name.parse::<HeaderName>().ok()))
        .expose_headers(names)
        .block_on_origin_mismatch(false)
        .max_age(600);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

fn metrics_server(
    state: &State,
    settings: &Serve,
    address: std::net::SocketAddr,
) -> Result<actix_web::dev::Server, StartError> {
    let (state, connections) = (state.clone(), connections(settings));
    let server = HttpServer::new(move || {
        let state = state.clone();
        let show = move || {
            let text = state.metrics.text();
            async move { HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(text) }
        };
        ActixApp::new().route("/metrics", actix::get().to(show))
    });
    let bound = server
        .on_connect(move |io, extensions| connections.on_connect(io, extensions))
        .workers(1)
        .disable_signals()
        .bind(address)
        .map_err(|e| StartError::Listen(address, e))?;
    Ok(bound.run())
}

fn announce(settings: &Serve, setup: Option<&str>) -> std::io::Result<()> {
    let url = public_url(settings);
    let mut out = std::io::stdout().lock();
    writeln!(out, "Steward serves {url}/api/v1")?;
    writeln!(out, "API reference: {url}/docs/")?;
    if settings.demo {
        writeln!(out, "{}", demo::log_ins())?;
    }
    if let Some(token) = setup {
        writeln!(
            out,
            "This platform is empty. Create its owner ({}) within 24 hours with this one-time token:",
            settings.owner_email
        )?;
        writeln!(out, "  {token}")?;
        writeln!(
            out,
            "  curl -s {url}/api/v1/account-setups -H 'Content-Type: application/json' -d '{{\"token\": \"{token}\", \"name\": \"...\", \"password\": \"...\"}}'"
        )?;
    }
    out.flush()
}
