use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use application::problem::Problem;
use application::problem_codes::Code;
use web::call::Reply;

/// The page for people that a problem's `type` points to.
#[get("/problems/{code}")]
pub(super) async fn show_problem(code: Path<String>) -> Reply {
    let code = Code::parse(&code).ok_or_else(Problem::not_found)?;
    let (word, title, advice) = (code.as_str(), code.title(), code.advice());
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <style>body{{font:1.1rem/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}}</style></head>\
         <body><h1>{title}</h1><p>HTTP status {}, code <code>{word}</code>.</p><p>{advice}</p></body></html>",
        code.status()
    );
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .content_type("text/html; charset=utf-8")
        .body(page))
}
