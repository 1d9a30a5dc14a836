use actix_web::get;
use application::clock::instant;
use serde::Serialize;
use users::SessionId;
use utoipa::ToSchema;
use uuid::Uuid;
use web::call::{AccountScope, Call, Reply};
use web::paging::{PageQuery, Total};

/// An active session.
#[derive(Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionBody {
    id: Uuid,
    #[schema(value_type = DateTime<Utc>)]
    created_at: String,
    /// When its refresh token was last used.
    #[schema(value_type = DateTime<Utc>)]
    last_used_at: String,
    /// When it ends at the latest, however often it is refreshed.
    #[schema(value_type = DateTime<Utc>)]
    expires_at: String,
    /// The `User-Agent` header of the client.
    user_agent: Option<String>,
    /// The network address of the log-in.
    address: Option<String>,
    /// Whether it is the session of this request.
    is_current: bool,
}

/// A page of sessions.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionPage {
    data: Vec<SessionBody>,
    next_cursor: Option<String>,
    total: Option<Total>,
}

/// Lists your sessions, latest first
#[utoipa::path(tag = "sessions", params(PageQuery), responses((status = 200, description = "A page of sessions.", body = SessionPage)))]
#[get("/me/sessions")]
pub(super) async fn list_my_sessions(call: Call<(), PageQuery>) -> Reply {
    call.read_account(AccountScope::Own, |ctx, input| {
        let page = input.meta.list.page_of(|at| at.parse().ok().map(SessionId))?;
        let rows = ctx.tx.sessions_of(ctx.caller.user_id(), page)?;
        let current = ctx.caller.session.id;
        let body = |s: users::Session| SessionBody {
            id: s.id.0,
            created_at: instant(s.created_at),
            last_used_at: instant(s.last_used_at),
            expires_at: instant(s.expires_at),
            user_agent: s.user_agent,
            address: s.address,
            is_current: s.id == current,
        };
        input.meta.list.page(
            &page,
            rows,
            |s| s.id.0.to_string(),
            |rows, next_cursor| {
                Ok(SessionPage { data: rows.into_iter().map(body).collect(), next_cursor, total: None })
            },
        )
    })
    .await
}
