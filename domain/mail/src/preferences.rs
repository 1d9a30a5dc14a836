use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use thiserror::Error;

use crate::MailKind;

/// A person's preferences for the mails that they may mute.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotificationPreferences {
    /// The kinds that are muted.
    pub muted: BTreeSet<MailKind>,
    /// The hours in which none is sent.
    pub quiet_hours: Option<QuietHours>,
    /// Time of the daily digest; `None`: each mail is sent by itself.
    pub digest_time: Option<NaiveTime>,
}

/// The hours of each day in which deferrable mail is held back, in the recipient's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: NaiveTime,
    until: NaiveTime,
}

/// Quiet hours that begin and end at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("quiet hours must end at a different time than they begin")]
pub struct NoHours;

/// Format of a time of day: 00:00 to 23:59.
pub const CLOCK_FORMAT: &str = "%H:%M";

/// When a mail is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryTiming {
    /// At once.
    Now,
    /// At a later time.
    Later(DateTime<Utc>),
    /// In the digest of that time.
    InDigest(DateTime<Utc>),
    /// Never.
    Never,
}

impl NotificationPreferences {
    /// When a mail of this kind is sent to a recipient in this time zone: at once if it can't be muted. A
    /// digest time takes precedence over quiet hours, since the recipient chose that time, too.
    pub fn wanted(&self, kind: MailKind, zone: Tz, now: DateTime<Utc>) -> DeliveryTiming {
        if !kind.is_optional() {
            return DeliveryTiming::Now;
        }
        if self.muted.contains(&kind) {
            return DeliveryTiming::Never;
        }
        match (self.digest_time, self.quiet_hours) {
            (Some(at), _) => DeliveryTiming::InDigest(next(at, zone, now)),
            (None, Some(quiet)) => quiet.end(zone, now).map_or(DeliveryTiming::Now, DeliveryTiming::Later),
            (None, None) => DeliveryTiming::Now,
        }
    }
}

impl QuietHours {
    /// From one time of day until another, which may be on the next day.
    pub fn new(from: NaiveTime, until: NaiveTime) -> Result<Self, NoHours> {
        if from == until { Err(NoHours) } else { Ok(Self { from, until }) }
    }

    /// The beginning.
    pub fn from(self) -> NaiveTime {
        self.from
    }

    /// The end.
    pub fn until(self) -> NaiveTime {
        self.until
    }

    /// The end of these hours, if `now` is within them.
    fn end(self, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let time = now.with_timezone(&zone).time();
        let is_quiet = if self.from < self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        };
        is_quiet.then(|| next(self.until, zone, now))
    }
}

/// The next time at which a clock in this zone shows this time.
fn next(time: NaiveTime, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let tomorrow = today + Days::new(1);
    [today, tomorrow]
        .map(|day| shown(day, time, zone))
        .into_iter()
        .find(|at| *at > now)
        .unwrap_or(now + TimeDelta::days(1))
}

/// The instant at which a clock shows this time on a day: the second one if clocks are set back over it, an
/// hour later if they skip it.
fn shown(day: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let local = day.and_time(time);
    let known = zone.from_local_datetime(&local).latest();
    let skipped = || zone.from_local_datetime(&(local + TimeDelta::hours(1))).latest();
    known.or_else(skipped).map_or_else(|| local.and_utc(), |at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn clock(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
    }

    fn quiet(from: u32, until: u32) -> NotificationPreferences {
        let quiet_hours = Some(QuietHours::new(clock(from, 0), clock(until, 0)).unwrap());
        NotificationPreferences { quiet_hours, ..NotificationPreferences::default() }
    }

    fn wanted(preferences: &NotificationPreferences, zone: Tz, now: &str) -> DeliveryTiming {
        preferences.wanted(MailKind::NewReply, zone, at(now))
    }

    #[test]
    fn semantics_43_quiet_hours_are_in_the_recipients_time_zone() {
        let (zone, later) = (Tz::America__Chicago, |text| DeliveryTiming::Later(at(text)));
        for (preferences, now, expected) in [
            (quiet(22, 7), "2026-11-22T03:59:59Z", DeliveryTiming::Now),
            (quiet(22, 7), "2026-11-22T04:00:00Z", later("2026-11-22T13:00:00Z")),
            (quiet(22, 7), "2026-11-22T12:59:59Z", later("2026-11-22T13:00:00Z")),
            (quiet(22, 7), "2026-11-22T13:00:00Z", DeliveryTiming::Now),
            (quiet(12, 13), "2026-11-22T18:30:00Z", later("2026-11-22T19:00:00Z")),
            (quiet(12, 13), "2026-11-22T17:59:00Z", DeliveryTiming::Now),
        ] {
            assert_eq!(wanted(&preferences, zone, now), expected, "{now}");
        }
        assert_eq!(QuietHours::new(clock(7, 0), clock(7, 0)), Err(NoHours));
    }

    #[test]
    fn semantics_43_a_mail_is_neither_lost_nor_early_when_the_clock_changes() {
        let zone = Tz::Europe__Berlin;
        // The clock skips from two to three on this day.
        let forward =
            NotificationPreferences { digest_time: Some(clock(2, 30)), ..NotificationPreferences::default() };
        assert_eq!(
            wanted(&forward, zone, "2027-03-28T00:00:00Z"),
            DeliveryTiming::InDigest(at("2027-03-28T01:30:00Z"))
        );
        // Half past two occurs twice on this day: a mail that is held back before the first is sent after the
        // second.
        let back = NotificationPreferences {
            quiet_hours: QuietHours::new(clock(22, 0), clock(2, 30)).ok(),
            ..NotificationPreferences::default()
        };
        for now in ["2026-10-25T00:15:00Z", "2026-10-25T01:15:00Z"] {
            assert_eq!(wanted(&back, zone, now), DeliveryTiming::Later(at("2026-10-25T01:30:00Z")), "{now}");
        }
    }

    #[test]
    fn semantics_43_muted_precedes_the_digest_time_and_that_precedes_quiet_hours() {
        let digest = NotificationPreferences { digest_time: Some(clock(6, 0)), ..quiet(22, 7) };
        assert_eq!(
            wanted(&digest, Tz::UTC, "2026-11-22T05:00:00Z"),
            DeliveryTiming::InDigest(at("2026-11-22T06:00:00Z"))
        );
        assert_eq!(
            wanted(&digest, Tz::UTC, "2026-11-22T06:00:00Z"),
            DeliveryTiming::InDigest(at("2026-11-23T06:00:00Z"))
        );
        let without = NotificationPreferences { muted: BTreeSet::from([MailKind::NewReply]), ..digest };
        assert_eq!(wanted(&without, Tz::UTC, "2026-11-22T05:00:00Z"), DeliveryTiming::Never);
        assert_eq!(
            wanted(&NotificationPreferences::default(), Tz::UTC, "2026-11-22T05:00:00Z"),
            DeliveryTiming::Now
        );
        for kind in MailKind::ALL.into_iter().filter(|kind| !MailKind::OPTIONAL.contains(kind)) {
            assert_eq!(
                without.wanted(kind, Tz::UTC, at("2026-11-22T05:00:00Z")),
                DeliveryTiming::Now,
                "{kind:?}"
            );
        }
    }
}
