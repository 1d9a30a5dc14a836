use std::collections::BTreeSet;

use application::problem::Problem;
use chrono::NaiveTime;
use mail::{CLOCK_FORMAT, MailKind, NotificationPreferences, QuietHours};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A kind of optional mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OptionalMail {
    /// A request was received.
    TicketReceived,
    /// Support answered a request.
    NewReply,
    /// The status of a request changed.
    StatusChanged,
    /// A decision is pending.
    DecisionPending,
}

impl OptionalMail {
    /// In the order of [`MailKind::OPTIONAL`].
    const ALL: [Self; MailKind::OPTIONAL.len()] =
        [Self::TicketReceived, Self::NewReply, Self::StatusChanged, Self::DecisionPending];

    fn kind(self) -> MailKind {
        match self {
            Self::TicketReceived => MailKind::TicketReceived,
            Self::NewReply => MailKind::NewReply,
            Self::StatusChanged => MailKind::StatusChanged,
            Self::DecisionPending => MailKind::DecisionPending,
        }
    }

    pub(super) fn kinds(words: &BTreeSet<Self>) -> BTreeSet<MailKind> {
        words.iter().map(|word| word.kind()).collect()
    }

    pub(super) fn among(kinds: &BTreeSet<MailKind>) -> Vec<Self> {
        Self::ALL.into_iter().filter(|word| kinds.contains(&word.kind())).collect()
    }
}

/// A time of the day as `HH:MM`, from 00:00 to 23:59.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(min_length = 5, max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", example = "07:30")]
pub(crate) struct ClockTime(String);

impl ClockTime {
    pub(super) fn of(time: NaiveTime) -> Self {
        Self(time.format(CLOCK_FORMAT).to_string())
    }

    /// The time. Parsing cannot fail, since the schema has checked it.
    pub(super) fn time(&self) -> Result<NaiveTime, Problem> {
        NaiveTime::parse_from_str(&self.0, CLOCK_FORMAT).map_err(|_| Problem::internal())
    }
}

/// The hours in which no optional mail is sent. It is sent when they end.
#[derive(Serialize, ToSchema)]
#[schema(as = QuietHours, example = json!({"from": "00:00", "until": "07:30"}))]
pub(crate) struct QuietHoursBody {
    /// When they begin, in the person's time zone.
    from: ClockTime,
    /// When they end, perhaps on the next day.
    until: ClockTime,
}

impl QuietHoursBody {
    pub(super) fn of(hours: QuietHours) -> Self {
        Self { from: ClockTime::of(hours.from()), until: ClockTime::of(hours.until()) }
    }
}

/// The requested quiet hours.
#[derive(Deserialize, ToSchema)]
#[schema(example = json!({"from": "00:00", "until": "07:30"}))]
pub(crate) struct SetQuietHours {
    /// When they begin, in the person's time zone.
    from: ClockTime,
    /// When they end, perhaps on the next day.
    until: ClockTime,
}

impl SetQuietHours {
    pub(super) fn hours(&self) -> Result<QuietHours, Problem> {
        QuietHours::new(self.from.time()?, self.until.time()?)
            .map_err(|refused| Problem::rule("#/quiet_hours", &refused))
    }
}

/// The preferences as values of the account's history.
pub(super) fn in_history(preferences: &NotificationPreferences) -> [(&'static str, String); 3] {
    let kinds: Vec<&str> = preferences.muted.iter().map(|kind| kind.as_str()).collect();
    let hours =
        |hours: QuietHours| format!("{}-{}", ClockTime::of(hours.from()).0, ClockTime::of(hours.until()).0);
    [
        ("muted_mails", kinds.join(",")),
        ("quiet_hours", preferences.quiet_hours.map(hours).unwrap_or_default()),
        ("digest_time", preferences.digest_time.map(|at| ClockTime::of(at).0).unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_optional_kind_can_be_named() {
        assert_eq!(OptionalMail::ALL.map(OptionalMail::kind), MailKind::OPTIONAL);
    }
}
