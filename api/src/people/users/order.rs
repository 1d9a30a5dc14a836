use application::clock::instant;
use persistence::{UserPosition, UserSort, UserSortKey};
use serde::Deserialize;
use users::UserId;
use utoipa::ToSchema;

/// The order of people; a minus puts the greatest first.
#[derive(Clone, Copy, Deserialize, ToSchema)]
pub(crate) enum UserOrder {
    #[serde(rename = "created_at")]
    CreatedAt,
    #[serde(rename = "-created_at")]
    CreatedAtDescending,
    #[serde(rename = "name")]
    Name,
    #[serde(rename = "-name")]
    NameDescending,
    #[serde(rename = "email")]
    Email,
    #[serde(rename = "-email")]
    EmailDescending,
}

impl From<UserOrder> for UserSort {
    fn from(order: UserOrder) -> Self {
        let (key, is_descending) = match order {
            UserOrder::CreatedAt => (UserSortKey::CreatedAt, false),
            UserOrder::CreatedAtDescending => (UserSortKey::CreatedAt, true),
            UserOrder::Name => (UserSortKey::Name, false),
            UserOrder::NameDescending => (UserSortKey::Name, true),
            UserOrder::Email => (UserSortKey::Email, false),
            UserOrder::EmailDescending => (UserSortKey::Email, true),
        };
        Self { key, is_descending }
    }
}

/// The position in a list, as text for a cursor.
pub(crate) fn written(position: &UserPosition) -> String {
    match position {
        UserPosition::At(at, id) => format!("{}|{}", id.0, instant(*at)),
        UserPosition::Text(text, id) => format!("{}|{text}", id.0),
    }
}

/// Parses the output of [`written`].
pub(crate) fn position(sort: UserSort, at: &str) -> Option<UserPosition> {
    let (id, value) = at.split_once('|')?;
    let id = UserId(id.parse().ok()?);
    match sort.key {
        UserSortKey::CreatedAt => Some(UserPosition::At(value.parse().ok()?, id)),
        UserSortKey::Name | UserSortKey::Email => Some(UserPosition::Text(value.to_owned(), id)),
    }
}
