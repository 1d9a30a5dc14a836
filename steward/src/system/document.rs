use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, get};
use application::problem::Problem;
use utoipa::ToSchema;
use web::answer::names;
use web::call::{Call, Reply};
use web::openapi::parameters::IfNoneMatch;
use web::state::State;

/// An OpenAPI 3.1 document.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "only its description is used")]
pub(crate) struct OpenApiDocument(serde_json::Value);

/// Serves this document as JSON
#[utoipa::path(tag = "system", security(()), params(IfNoneMatch), responses(
    (status = 200, description = "The document.", content_type = "application/json", body = OpenApiDocument, headers(("ETag" = String, description = "Changes with the document."))),
    (status = 304, description = "Not modified."),
))]
#[get("/openapi.json")]
pub(super) async fn get_openapi_json(request: HttpRequest, call: Call) -> Reply {
    call.input()?;
    document(&request, "application/json", |state| &state.document.json)
}

/// Serves this document as YAML
///
/// Sent as plain text, so that browsers show it.
#[utoipa::path(tag = "system", security(()), params(IfNoneMatch), responses(
    (status = 200, description = "The document.", content_type = "text/plain", body = String, headers(("ETag" = String, description = "Changes with the document."))),
    (status = 304, description = "Not modified."),
))]
#[get("/openapi.yaml")]
pub(super) async fn get_openapi_yaml(request: HttpRequest, call: Call) -> Reply {
    call.input()?;
    document(&request, "text/plain; charset=utf-8", |state| &state.document.yaml)
}

fn document(request: &HttpRequest, media_type: &str, text: impl Fn(&State) -> &String) -> Reply {
    let state = request.app_data::<State>().ok_or_else(Problem::internal)?;
    let sent = request.headers().get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let is_known = sent.is_some_and(|tags| names(tags, &state.document.etag));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((ETAG, state.document.etag.as_str()))
        .insert_header((CACHE_CONTROL, "public, no-cache"));
    Ok(if is_known { response.finish() } else { response.content_type(media_type).body(text(state).clone()) })
}
