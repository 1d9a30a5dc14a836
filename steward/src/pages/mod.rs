//! Web pages for links in mails: static files, served beside the API so that links work without a frontend. They use
//! the API like any browser client.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, web};

/// Allows scripts and styles of this origin only. No inline code, no embedding.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

/// Path below `/pages/`, media type, content.
const FILES: [(&str, &str, &str); 4] = [
    ("account-setup", "text/html; charset=utf-8", include_str!("account_setup.html")),
    ("reset-password", "text/html; charset=utf-8", include_str!("reset_password.html")),
    ("page.js", "text/javascript; charset=utf-8", include_str!("page.js")),
    ("page.css", "text/css; charset=utf-8", include_str!("page.css")),
];

/// Serves each file at its path.
pub(crate) fn configure(config: &mut ServiceConfig) {
    for (path, media_type, text) in FILES {
        let show = move || async move {
            HttpResponse::Ok()
                .insert_header((CONTENT_SECURITY_POLICY, POLICY))
                .insert_header((CACHE_CONTROL, "no-cache"))
                .content_type(media_type)
                .body(text)
        };
        let resource = web::resource(format!("/pages/{path}"));
        config.service(resource.route(web::get().to(show)).route(web::head().to(show)));
    }
}
