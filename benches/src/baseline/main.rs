//! The baseline for Steward: the same rows and the same responses, with hand-written SQL and nothing else. No
//! log-in, no tenancy, no permissions, no contract.
//!
//! `baseline DATABASE ADDRESS`

mod clock;
mod messages;
mod rows;
mod sql;
mod store;
mod tickets;
mod words;

use actix_web::{App, HttpResponse, HttpServer, web};

use store::Store;

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [database, address] = arguments.as_slice() else {
        return Err(std::io::Error::other("baseline DATABASE ADDRESS"));
    };
    let store = web::Data::new(Store::open(database).map_err(std::io::Error::other)?);
    HttpServer::new(move || {
        App::new()
            .app_data(store.clone())
            .route("/readyz", web::get().to(HttpResponse::Ok))
            .service(tickets::list)
            .service(tickets::get)
            .service(tickets::create)
            .service(messages::thread)
            .service(messages::post)
    })
    .bind(address)?
    .run()
    .await
}
