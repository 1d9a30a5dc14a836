use actix_web::get;
use application::context::Context;
use application::problem::Problem;
use persistence::Scope;
use web::call::{Call, Reply};
use web::paging::PageQuery;

use super::body::{AgreementBody, AgreementPage};

/// Lists the agreements in force, by key
#[utoipa::path(tag = "agreements", security(()), params(PageQuery), responses((status = 200, description = "A page of agreements.", body = AgreementPage)))]
#[get("/agreements")]
pub(super) async fn list_agreements(call: Call<(), PageQuery>) -> Reply {
    let input = call.input()?;
    let (app, origin) = (call.app.clone(), call.meta.origin.clone());
    let answer = call.app.db.read(Scope::default(), move |tx| {
        let ctx = Context::new(tx, &app, &origin, ());
        let page = input.meta.list.page_of(|at| Some(at.to_owned()))?;
        let mut rows = ctx.tx.agreements()?;
        rows.retain(|a| page.after.as_deref().is_none_or(|after| a.key.as_str() > after));
        input.meta.list.page(
            &page,
            rows,
            |a| a.key.clone(),
            |rows, next_cursor| {
                let data = rows.iter().map(AgreementBody::from).collect();
                Ok::<_, Problem>(AgreementPage { data, next_cursor, total: None })
            },
        )
    });
    Ok(answer.await?.into_response(None))
}
