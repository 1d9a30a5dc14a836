use actix_web::{HttpRequest, HttpResponse, get};
use persistence::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::call::Reply;
use crate::problem::Problem;

/// How the server is.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"status": "ok"}))]
struct Health {
    /// `ok` when alive, `ready` when it can do its work.
    status: String,
}

/// Tells whether the process is alive
#[utoipa::path(tag = "system", security(()), responses((status = 200, description = "It is.", body = Health)))]
#[get("/healthz")]
pub(super) async fn get_health() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok".to_owned() })
}

/// Tells whether the server can do its work: migrated, and the database answers
#[utoipa::path(tag = "system", security(()), responses((status = 200, description = "It can.", body = Health)))]
#[get("/readyz")]
pub(super) async fn get_readiness(request: HttpRequest) -> Reply {
    let app = request.app_data::<App>().ok_or_else(Problem::internal)?;
    app.db.read(Scope::default(), |tx| tx.is_empty().map_err(Problem::from)).await?;
    Ok(HttpResponse::Ok().json(Health { status: "ready".to_owned() }))
}
