use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use thiserror::Error;

use crate::MailKind;

/// What somebody wants of the mails that he may do without.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NotificationPreferences {
    /// The kinds that he does not want at all.
    pub unwanted: BTreeSet<MailKind>,
    /// When none shall come.
    pub quiet_hours: Option<QuietHours>,
    /// When those of a day come, as one; each by itself if there is no such time.
    pub digest_time: Option<NaiveTime>,
}

/// The hours of each day in which no mail comes that can wait, on the clock of its recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    from: NaiveTime,
    until: NaiveTime,
}

/// Quiet hours begin when they end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("quiet hours end at another time than they begin")]
pub struct NoHours;

/// How a time of the day is written: from 00:00 to 23:59.
pub const CLOCK_FORMAT: &str = "%H:%M";

/// When a mail is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// At once.
    Now,
    /// Not before an instant.
    Later(DateTime<Utc>),
    /// Together with others, at an instant.
    InDigest(DateTime<Utc>),
    /// Not at all.
    Never,
}

impl NotificationPreferences {
    /// When a mail of this kind is wanted by somebody whose clock shows the time of `zone`: what nobody can do without, at
    /// once. A time for all mails of a day counts more than quiet hours, since it was chosen, too.
    pub fn wanted(&self, kind: MailKind, zone: Tz, now: DateTime<Utc>) -> Wanted {
        if !kind.is_optional() {
            return Wanted::Now;
        }
        if self.unwanted.contains(&kind) {
            return Wanted::Never;
        }
        match (self.digest_time, self.quiet_hours) {
            (Some(at), _) => Wanted::InDigest(next(at, zone, now)),
            (None, Some(quiet)) => quiet.end(zone, now).map_or(Wanted::Now, Wanted::Later),
            (None, None) => Wanted::Now,
        }
    }
}

impl QuietHours {
    /// From one time of the day until another one, perhaps of the next day.
    pub fn new(from: NaiveTime, until: NaiveTime) -> Result<Self, NoHours> {
        if from == until { Err(NoHours) } else { Ok(Self { from, until }) }
    }

    /// When they begin.
    pub fn from(self) -> NaiveTime {
        self.from
    }

    /// When they end.
    pub fn until(self) -> NaiveTime {
        self.until
    }

    /// When they end, if this is one of them.
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

/// When a clock shows this time next.
fn next(time: NaiveTime, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
    let today = now.with_timezone(&zone).date_naive();
    let tomorrow = today + Days::new(1);
    [today, tomorrow]
        .map(|day| shown(day, time, zone))
        .into_iter()
        .find(|at| *at > now)
        .unwrap_or(now + TimeDelta::days(1))
}

/// When a clock shows this time on a day: where clocks are put back, the second time; where that skips it, an hour later.
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

    fn wanted(preferences: &NotificationPreferences, zone: Tz, now: &str) -> Wanted {
        preferences.wanted(MailKind::NewReply, zone, at(now))
    }

    #[test]
    fn semantics_43_quiet_hours_are_those_of_the_recipients_clock() {
        let (zone, later) = (Tz::America__Chicago, |text| Wanted::Later(at(text)));
        for (preferences, now, expected) in [
            (quiet(22, 7), "2026-11-22T03:59:59Z", Wanted::Now),
            (quiet(22, 7), "2026-11-22T04:00:00Z", later("2026-11-22T13:00:00Z")),
            (quiet(22, 7), "2026-11-22T12:59:59Z", later("2026-11-22T13:00:00Z")),
            (quiet(22, 7), "2026-11-22T13:00:00Z", Wanted::Now),
            (quiet(12, 13), "2026-11-22T18:30:00Z", later("2026-11-22T19:00:00Z")),
            (quiet(12, 13), "2026-11-22T17:59:00Z", Wanted::Now),
        ] {
            assert_eq!(wanted(&preferences, zone, now), expected, "{now}");
        }
        assert_eq!(QuietHours::new(clock(7, 0), clock(7, 0)), Err(NoHours));
    }

    #[test]
    fn semantics_43_clocks_that_are_put_forward_or_back_neither_lose_nor_hurry_a_mail() {
        let zone = Tz::Europe__Berlin;
        // Two o'clock is three o'clock on this day.
        let forward =
            NotificationPreferences { digest_time: Some(clock(2, 30)), ..NotificationPreferences::default() };
        assert_eq!(
            wanted(&forward, zone, "2027-03-28T00:00:00Z"),
            Wanted::InDigest(at("2027-03-28T01:30:00Z"))
        );
        // Half past two comes twice: what is held back before the first one comes after the second.
        let back = NotificationPreferences {
            quiet_hours: QuietHours::new(clock(22, 0), clock(2, 30)).ok(),
            ..NotificationPreferences::default()
        };
        for now in ["2026-10-25T00:15:00Z", "2026-10-25T01:15:00Z"] {
            assert_eq!(wanted(&back, zone, now), Wanted::Later(at("2026-10-25T01:30:00Z")), "{now}");
        }
    }

    #[test]
    fn semantics_43_a_time_for_all_mails_counts_more_than_quiet_hours_and_a_no_counts_most() {
        let digest = NotificationPreferences { digest_time: Some(clock(6, 0)), ..quiet(22, 7) };
        assert_eq!(
            wanted(&digest, Tz::UTC, "2026-11-22T05:00:00Z"),
            Wanted::InDigest(at("2026-11-22T06:00:00Z"))
        );
        assert_eq!(
            wanted(&digest, Tz::UTC, "2026-11-22T06:00:00Z"),
            Wanted::InDigest(at("2026-11-23T06:00:00Z"))
        );
        let without = NotificationPreferences { unwanted: BTreeSet::from([MailKind::NewReply]), ..digest };
        assert_eq!(wanted(&without, Tz::UTC, "2026-11-22T05:00:00Z"), Wanted::Never);
        assert_eq!(wanted(&NotificationPreferences::default(), Tz::UTC, "2026-11-22T05:00:00Z"), Wanted::Now);
        for kind in MailKind::ALL.into_iter().filter(|kind| !MailKind::OPTIONAL.contains(kind)) {
            assert_eq!(without.wanted(kind, Tz::UTC, at("2026-11-22T05:00:00Z")), Wanted::Now, "{kind:?}");
        }
    }
}
