//! Graceful shutdown: SIGTERM lets running requests finish and refuses new ones, so that every client gets a response
//! unless its request exceeds the time limit. SIGINT, SIGQUIT or a second SIGTERM ends the process at once.
//!
//! For the first second every request is served, `/readyz` is 503, and each response closes its connection, so that
//! clients and proxies connect elsewhere. Then new requests are refused with 503 and `Retry-After`, until the earlier
//! ones are answered or the time is over. The listener closes last, once no connection waits to be accepted. Closing
//! resets connections that are established but not accepted, with the requests on them.

use std::net::TcpListener;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use crate::connections::refuse_new_connections;
use actix_web::HttpMessage;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServerHandle, ServiceRequest, ServiceResponse};
use actix_web::http::ConnectionType;
use actix_web::middleware::Next;
use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use actix_web::rt::spawn;
use actix_web::rt::time::{sleep, timeout};
use actix_web::web::Bytes;
use futures_util::StreamExt;
use futures_util::future::{Either, select};

use application::app::App;
use application::problem::Problem;
use application::problem_codes::Code;
use application::stopping::{Phase, Running, Stopping};
use web::problem::Refusal;
use web::state::State;

/// How long new requests are served after SIGTERM.
const SERVED: Duration = Duration::from_secs(1);
/// The minimum time during which new requests are refused.
const REFUSED: Duration = Duration::from_millis(500);
/// The additional time limit for earlier requests and jobs, [`SETTLED`] included.
const WAITED: Duration = Duration::from_secs(2);
/// How long the listener stays open after the last connection was established. Within this time its handshake ends,
/// it is accepted, and its request is refused.
const SETTLED: Duration = Duration::from_millis(250);
/// The limits in size and time for reading the body of a refused request. If a connection closes before its request
/// is read, the client loses the response.
const REFUSED_BYTES: usize = 65_536;
const REFUSED_BODY: Duration = Duration::from_millis(300);
/// The time after which a new process or another node has taken over.
const RETRY_AFTER_SECONDS: u64 = 2;

/// Shuts the server down on signals.
pub(crate) fn on_signals(app: &App, server: &ServerHandle, listener: TcpListener) -> std::io::Result<()> {
    for kind in [SignalKind::interrupt(), SignalKind::quit()] {
        spawn(end_at_once(signal(kind)?, server.clone()));
    }
    let (mut terminate, stopping, server) =
        (signal(SignalKind::terminate())?, app.stopping.clone(), server.clone());
    spawn(async move {
        terminate.recv().await;
        let again = pin!(end_at_once(terminate, server.clone()));
        if let Either::Left(_) = select(pin!(drain(&stopping, listener)), again).await {
            server.stop(true).await;
        }
    });
    Ok(())
}

async fn end_at_once(mut signal: Signal, server: ServerHandle) {
    signal.recv().await;
    log::warn!("stop.at_once");
    server.stop(false).await;
}

async fn drain(stopping: &Stopping, listener: TcpListener) {
    stopping.enter(Phase::Closing);
    sleep(SERVED).await;
    stopping.enter(Phase::Refusing);
    sleep(REFUSED).await;
    let _ = timeout(WAITED - SETTLED, stopping.wait_until_idle()).await;
    if let Err(error) = refuse_new_connections(&listener) {
        log::warn!("stop.listener error={error}");
    }
    // The server has the listener as well: with this handle open, it would not close.
    drop(listener);
    sleep(SETTLED).await;
    let running = stopping.count();
    if running > 0 {
        log::warn!("stop.unfinished running={running}");
    }
}

/// The outermost layer. Counts the requests that shutdown waits for, to the last byte of the response, and closes
/// connections with their response during shutdown.
pub(crate) async fn count_and_close(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<Counted>, actix_web::Error> {
    let stopping = request.app_data::<State>().map(|state| state.app.stopping.clone());
    // Refused requests are not counted: they end by themselves, and a steady stream of them would delay shutdown
    // forever.
    let running = stopping.as_ref().filter(|s| s.phase() < Phase::Refusing).map(Stopping::running);
    let mut response = next.call(request).await?;
    if stopping.is_some_and(|stopping| stopping.has_begun()) {
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(response.map_body(|_, body| Counted { body: body.boxed(), _running: running }))
}

/// The body of a response that shutdown waits for.
pub(crate) struct Counted {
    body: BoxBody,
    _running: Option<Running>,
}

impl MessageBody for Counted {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(context)
    }
}

/// Refuses late requests, except for health checks.
pub(crate) async fn refuse_late(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, actix_web::Error> {
    let is_late =
        request.app_data::<State>().is_some_and(|state| state.app.stopping.phase() >= Phase::Refusing);
    if !is_late || matches!(request.path(), "/healthz" | "/readyz") {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    }
    let _ = timeout(REFUSED_BODY, discard(request.take_payload())).await;
    let refusal = Problem::new(Code::Unavailable, "The server is stopping.");
    Ok(request.error_response(Refusal(refusal.with_retry_after(RETRY_AFTER_SECONDS))))
}

async fn discard(mut payload: Payload) {
    let mut read = 0;
    while let Some(Ok(bytes)) = payload.next().await
        && read < REFUSED_BYTES
    {
        read += bytes.len();
    }
}
