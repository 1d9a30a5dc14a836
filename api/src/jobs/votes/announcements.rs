use persistence::{Scope, Tx};

use super::{handle_each, report};
use crate::app::App;
use crate::clock::now;
use crate::people::announce_approver;
use crate::problem::Problem;

/// Notifies holders of a right that somebody got or lost it.
pub(crate) async fn announce_approvers(app: &App) -> Result<(), Problem> {
    let due = |tx: &mut Tx<'_>, after, at_most| tx.approvers_to_announce(now(), after, at_most);
    let announce = async |key: String| {
        let which = key.clone();
        let done = app.db.write(Scope::PLATFORM, move |tx| announce_approver(tx, &which, now())).await;
        report("approver", key, done);
    };
    handle_each(app, due, announce).await
}
