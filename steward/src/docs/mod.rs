//! The API reference at `/docs/`: a page around the bundled Swagger UI, which searches operations, logs in by password
//! and fills in `org_id`. Everything is part of the program; nothing is loaded from elsewhere.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH};
use actix_web::web::{self as actix, Bytes, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use application::keys::hex;
use application::problem::Problem;
use sha2::{Digest, Sha256};
use utoipa_swagger_ui::Config;
use web::answer::names;
use web::problem::Refusal;

/// Allows scripts, styles and requests of this origin only, and the icons that Swagger UI's styles contain. No inline
/// code, no embedding.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Path below `/docs/`, media type, and content; `None` is a file of Swagger UI.
const FILES: [(&str, &str, Option<&str>); 10] = [
    ("", HTML, Some(include_str!("index.html"))),
    ("docs.css", STYLE, Some(include_str!("docs.css"))),
    ("docs.js", SCRIPT, Some(include_str!("docs.js"))),
    ("icon.svg", "image/svg+xml", Some(include_str!("icon.svg"))),
    ("log_in.js", SCRIPT, Some(include_str!("log_in.js"))),
    ("organization.js", SCRIPT, Some(include_str!("organization.js"))),
    ("search.js", SCRIPT, Some(include_str!("search.js"))),
    ("session.js", SCRIPT, Some(include_str!("session.js"))),
    ("swagger-ui-bundle.js", SCRIPT, None),
    ("swagger-ui.css", STYLE, None),
];

/// A file as it is served.
struct Served {
    path: &'static str,
    media_type: &'static str,
    content: Bytes,
    etag: String,
}

static SERVED: LazyLock<Vec<Served>> = LazyLock::new(|| {
    let served = |(path, media_type, text): (&'static str, &'static str, Option<&'static str>)| {
        let content = text.map(|text| Bytes::from_static(text.as_bytes())).or_else(|| bundled(path))?;
        let etag = format!("\"{}\"", hex(&Sha256::digest(&content)).chars().take(16).collect::<String>());
        Some(Served { path, media_type, content, etag })
    };
    FILES.into_iter().filter_map(served).collect()
});

/// A file of Swagger UI. `None` if this version has no such file.
fn bundled(path: &str) -> Option<Bytes> {
    let file = utoipa_swagger_ui::serve(path, Arc::new(Config::default())).ok()??;
    Some(match file.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    })
}

/// Serves each file at its path.
pub(crate) fn configure(config: &mut ServiceConfig) {
    config.service(actix::redirect("/docs", "/docs/"));
    for (path, ..) in FILES {
        let handler = move |request: HttpRequest| async move { show(path, &request) };
        let resource = actix::resource(format!("/docs/{path}"));
        config.service(resource.route(actix::get().to(handler)).route(actix::head().to(handler)));
    }
}

fn show(path: &str, request: &HttpRequest) -> Result<HttpResponse, Refusal> {
    let file = SERVED.iter().find(|file| file.path == path).ok_or_else(Problem::not_found)?;
    let sent = request.headers().get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let is_known = sent.is_some_and(|tags| names(tags, &file.etag));
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((ETAG, file.etag.as_str()));
    Ok(if is_known {
        response.finish()
    } else {
        response.content_type(file.media_type).body(file.content.clone())
    })
}
