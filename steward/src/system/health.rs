use actix_web::{HttpRequest, HttpResponse, get};
use application::clock::{new_id, now};
use application::problem::{Checks, Problem};
use application::problem_codes::Code;
use futures_util::future::join;
use serde::Serialize;
use utoipa::ToSchema;
use web::call::Reply;
use web::problem::ChecksBody;
use web::state::State;

/// Whether the process is alive.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"status": "ok"}))]
struct Health {
    /// `ok`.
    status: String,
}

/// Checks whether the process is alive
#[utoipa::path(tag = "system", security(()), responses((status = 200, description = "The process is alive.", body = Health)))]
#[get("/healthz")]
pub(super) async fn get_health() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok".to_owned() })
}

/// Whether the server can do its work.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"status": "ready", "checks": {"reads": "ok", "writes": "ok"}}))]
struct Readiness {
    /// `ready`.
    status: String,
    /// The state of the database: everything works.
    checks: ChecksBody,
}

/// Checks that the database can be read and written
///
/// Returns 503 `unavailable` with `checks` when reads or writes fail, and once shutdown has begun. The result is that of the
/// latest attempts, or of a check at most once per second. It is available within two seconds.
#[utoipa::path(tag = "system", security(()), responses((status = 200, description = "The database can be read and written.", body = Readiness)))]
#[get("/readyz")]
pub(super) async fn get_readiness(request: HttpRequest) -> Reply {
    let app = &request.app_data::<State>().ok_or_else(Problem::internal)?.app;
    let (reads, writes) = join(app.db.can_read(), app.db.can_write(new_id(), now())).await;
    let checks = Checks { reads, writes };
    let unavailable = |why: &str| Err(Problem::new(Code::Unavailable, why).with_checks(checks).into());
    match (app.stopping.has_begun(), reads && writes) {
        (true, _) => unavailable("The server is stopping."),
        (false, false) => unavailable("The database can't be read or written."),
        (false, true) => {
            Ok(HttpResponse::Ok().json(Readiness { status: "ready".to_owned(), checks: checks.into() }))
        }
    }
}
