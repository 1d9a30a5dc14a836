use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use web::call::{Call, Reply};
use web::paging::{PageQuery, Total};

use super::body::CategoryBody;
use crate::organizations::orgs::OrgPath;

/// Filters and paging of categories.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CategoriesQuery {
    /// Those in use, or those that are not.
    is_active: Option<bool>,
    /// Items per page. Default: 25.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i32>,
    /// The `next_cursor` of the page before, with the same filters.
    #[param(min_length = 1, max_length = 2000)]
    cursor: Option<String>,
}

/// A page of categories.
#[derive(Serialize, ToSchema)]
pub(crate) struct CategoryPage {
    data: Vec<CategoryBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists categories by key, parents first
#[utoipa::path(tag = "categories", params(OrgPath, CategoriesQuery), extensions(("x-open-to-viewing-as" = json!(true))), responses((status = 200, description = "A page of categories.", body = CategoryPage)))]
#[get("/orgs/{org_id}/categories")]
pub(super) async fn list_categories(call: Call<OrgPath, CategoriesQuery>) -> Reply {
    call.read(|ctx, input| {
        let paging = PageQuery { limit: input.query.limit, cursor: input.query.cursor.clone() };
        let page = input.meta.list.page_of(&paging, |at| Some(at.to_owned()))?;
        let rows = ctx.tx.categories(ctx.caller.org_id).list(input.query.is_active, &page)?;
        input.meta.list.page(
            &page,
            rows,
            |c| c.key.clone(),
            |rows, next_cursor| {
                Ok(CategoryPage {
                    data: rows.iter().map(CategoryBody::from).collect(),
                    next_cursor,
                    total: None,
                })
            },
        )
    })
    .await
}
