use actix_web::get;
use users::open_agreements;
use web::call::{AccountScope, Call, Reply};
use web::paging::PageQuery;

use super::body::{ConsentBody, ConsentPage};

/// Lists your consents and the agreements still open
#[utoipa::path(tag = "agreements", params(PageQuery), extensions(("x-open-to-restricted-sessions" = json!(true))),
    responses((status = 200, description = "A page of consents, by key and version.", body = ConsentPage)))]
#[get("/me/consents")]
pub(super) async fn list_my_consents(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Own, |ctx, input| {
        let page = input.meta.list.page_of(|at| {
            let (key, version) = at.rsplit_once(' ')?;
            Some((key.to_owned(), version.parse::<i32>().ok()?))
        })?;
        let given = ctx.tx.consents_of(ctx.caller.user_id())?;
        let in_force = ctx.tx.agreements()?;
        let open = open_agreements(&in_force, &given).into_iter().map(|a| ConsentBody {
            agreement_key: a.key.clone(),
            version: a.version,
            accepted_at: None,
        });
        let mut rows: Vec<ConsentBody> = given.iter().map(ConsentBody::from).chain(open).collect();
        let at = |c: &ConsentBody| (c.agreement_key.clone(), c.version);
        rows.sort_by_key(at);
        rows.retain(|c| page.after.as_ref().is_none_or(|after| at(c) > *after));
        input.meta.list.page(
            &page,
            rows,
            |c| format!("{} {}", c.agreement_key, c.version),
            |data, next_cursor| Ok(ConsentPage { data, next_cursor, total: None }),
        )
    })
    .await
}
