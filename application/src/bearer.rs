//! The holder of an access token, and their representation in its claims.

use orgs::OrgId;
use serde::{Deserialize, Serialize};
use users::{Session, SessionId, UserId};
use uuid::Uuid;

/// The holder of a token, before the session is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Claims", try_from = "Claims")]
pub struct Bearer {
    /// The account of the session.
    pub user_id: UserId,
    /// The session that issued the token.
    pub session_id: SessionId,
    /// The member that the holder views as. None: the holder acts as themselves.
    pub viewing: Option<Viewing>,
}

/// The scope of a view-as token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewing {
    /// The only organization that the token opens.
    pub org: OrgId,
    /// The member that the holder views as.
    pub viewed: UserId,
}

impl Bearer {
    /// The holder of a session, acting as themselves.
    pub fn of(session: &Session) -> Self {
        Self { user_id: session.user_id, session_id: session.id, viewing: None }
    }
}

/// The claims that identify the holder. `sub` is the member viewed as, `act` the viewer (RFC 8693 4.1).
#[derive(Clone, Serialize, Deserialize)]
struct Claims {
    sub: Uuid,
    sid: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<ActingParty>,
    #[serde(skip_serializing_if = "Option::is_none")]
    org: Option<Uuid>,
}

#[derive(Clone, Serialize, Deserialize)]
struct ActingParty {
    sub: Uuid,
}

/// A token has one of the claims `act` and `org` without the other.
#[derive(Debug, thiserror::Error)]
#[error("the claims `act` and `org` require each other")]
struct IncompleteViewing;

impl From<Bearer> for Claims {
    fn from(Bearer { user_id, session_id, viewing }: Bearer) -> Self {
        Self {
            sub: viewing.map_or(user_id, |viewing| viewing.viewed).0,
            sid: session_id.0,
            act: viewing.map(|_| ActingParty { sub: user_id.0 }),
            org: viewing.map(|viewing| viewing.org.0),
        }
    }
}

impl TryFrom<Claims> for Bearer {
    type Error = IncompleteViewing;

    fn try_from(claims: Claims) -> Result<Self, IncompleteViewing> {
        let (subject, session_id) = (UserId(claims.sub), SessionId(claims.sid));
        match (claims.act, claims.org) {
            (None, None) => Ok(Self { user_id: subject, session_id, viewing: None }),
            (Some(by), Some(org)) => {
                let viewing = Some(Viewing { org: OrgId(org), viewed: subject });
                Ok(Self { user_id: UserId(by.sub), session_id, viewing })
            }
            _ => Err(IncompleteViewing),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn view_as_claims_are_complete_or_absent() {
        let [looks, seen, org, session] = [1, 2, 3, 4].map(Uuid::from_u128);
        let own = Bearer { user_id: UserId(looks), session_id: SessionId(session), viewing: None };
        let viewing = Some(Viewing { org: OrgId(org), viewed: UserId(seen) });
        let told = json!({ "sub": seen, "sid": session, "act": { "sub": looks }, "org": org });
        for (bearer, claims) in
            [(own, json!({ "sub": looks, "sid": session })), (Bearer { viewing, ..own }, told.clone())]
        {
            assert_eq!(serde_json::to_value(bearer).unwrap(), claims);
            assert_eq!(serde_json::from_value::<Bearer>(claims).unwrap(), bearer);
        }
        for half in ["act", "org"] {
            let mut claims = told.clone();
            claims[half] = Value::Null;
            assert!(serde_json::from_value::<Bearer>(claims).is_err(), "without {half}");
        }
    }
}
