use actix_web::get;
use serde::Serialize;
use users::{AccountStatus, AccountTransition};
use utoipa::ToSchema;
use web::call::{AccountScope, Call, Reply};
use web::paging::{PageQuery, Total};

/// A transition out of a status.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountTransition)]
pub(crate) struct AccountTransitionBody {
    /// The action, such as `suspend`.
    action: String,
    /// The resulting statuses; several if the former status is restored.
    to: Vec<String>,
}

/// A status of an account, and the transitions out of it.
#[derive(Serialize, ToSchema)]
#[schema(as = AccountStatus, example = json!({"key": "active", "description": "In use.", "transitions": [{"action": "suspend", "to": ["suspended"]}]}))]
pub(crate) struct AccountStatusBody {
    key: String,
    description: String,
    transitions: Vec<AccountTransitionBody>,
}

/// A page of statuses.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountStatusPage {
    data: Vec<AccountStatusBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists account statuses and the transitions between them
#[utoipa::path(tag = "accounts", params(PageQuery), responses((status = 200, description = "A page of account statuses.", body = AccountStatusPage)))]
#[get("/account-statuses")]
pub(super) async fn list_account_statuses(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Own, |_, input| {
        let page = input.meta.list.page_of(AccountStatus::parse)?;
        let rows: Vec<_> =
            AccountStatus::ALL.into_iter().filter(|s| page.after.is_none_or(|after| *s > after)).collect();
        input.meta.list.page(
            &page,
            rows,
            |status| status.as_str().to_owned(),
            |rows, next_cursor| {
                let data = rows.into_iter().map(status_body).collect();
                Ok(AccountStatusPage { data, next_cursor, total: None })
            },
        )
    })
    .await
}

fn status_body(status: AccountStatus) -> AccountStatusBody {
    let transitions = AccountTransition::ALL.into_iter().filter(|m| !status.targets(*m).is_empty());
    let body = |by: AccountTransition| AccountTransitionBody {
        action: by.as_str().to_owned(),
        to: status.targets(by).iter().map(|s| s.as_str().to_owned()).collect(),
    };
    AccountStatusBody {
        key: status.as_str().to_owned(),
        description: status.description().to_owned(),
        transitions: transitions.map(body).collect(),
    }
}
