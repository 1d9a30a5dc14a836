//! The time of a refusal reveals nothing either.

use std::cmp::Ordering;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Org, OwnServer, Reply, unique};

/// Requests of each kind per round.
const PAIRS: usize = 200;
const ROUNDS: usize = 3;
/// Maximum difference of the medians, as a part of one of them.
const MOST: f64 = 0.1;
/// With this many requests, microseconds become significant. Differences below this part can't be measured
/// remotely.
const LEAST: f64 = 0.03;
/// One hundredth of the normal distribution is beyond it on either side.
const SIGNIFICANT: f64 = 2.5758;
/// Accounts of each kind per round of log-ins: none of them reaches the twenty failures after which log-ins
/// are delayed.
const ACCOUNTS: usize = 12;

/// An answer, and its time.
pub(super) fn timed(ask: impl FnOnce() -> Reply) -> (Reply, Duration) {
    let started = Instant::now();
    let reply = ask();
    (reply, started.elapsed())
}

/// Fails if requests about existing things take longer or shorter than those about missing ones. `round`
/// prepares one request and returns its timer: it takes whether the thing exists, and the number of the pair.
///
/// Other tests run at the same time; a real difference shows in every round.
#[track_caller]
pub(super) fn takes_as_long<F: FnMut(bool, usize) -> Duration>(
    what: &str,
    mut round: impl FnMut(usize) -> F,
) {
    let mut differing = Vec::new();
    for number in 0..ROUNDS {
        let mut time = round(number);
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for pair in 0..PAIRS {
            // Each kind is first as often as the other, since the work after a request may slow down the next
            // one.
            for is_known in [pair % 2 == 0, pair % 2 != 0] {
                let times = if is_known { &mut known } else { &mut unknown };
                times.push(time(is_known, pair));
            }
        }
        let found = Found::of(&known, &unknown);
        if !found.differs() {
            return;
        }
        differing.push(found);
    }
    panic!("{what}: known and unknown differ in every round: {differing:?}");
}

/// The result of a round.
#[derive(Debug)]
struct Found {
    /// The median for existing things, relative to that for missing ones.
    ratio: f64,
    /// Mann and Whitney's U as a standard normal value: far from zero if one kind is slower too often for
    /// chance.
    z: f64,
}

impl Found {
    fn of(known: &[Duration], unknown: &[Duration]) -> Self {
        Self { ratio: median(known) / median(unknown), z: z_of(known, unknown) }
    }

    fn differs(&self) -> bool {
        let off = (self.ratio - 1.0).abs();
        off > MOST || (off > LEAST && self.z.abs() > SIGNIFICANT)
    }
}

fn median(times: &[Duration]) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

fn z_of(known: &[Duration], unknown: &[Duration]) -> f64 {
    let meetings = known.iter().flat_map(|one| unknown.iter().map(move |other| one.cmp(other)));
    let points = meetings.map(|order| match order {
        Ordering::Less => 0.0_f64,
        Ordering::Equal => 0.5,
        Ordering::Greater => 1.0,
    });
    let u: f64 = points.sum();
    let mut all = [known, unknown].concat();
    all.sort_unstable();
    let ties: f64 = all.chunk_by(|a, b| a == b).map(size).map(|equal| equal.powi(3) - equal).sum();
    let (of_all, of_meetings) = (size(&all), size(known) * size(unknown));
    let variance = of_meetings / 12.0 * (of_all + 1.0 - ties / (of_all * (of_all - 1.0)));
    if variance > 0.0 { (u - of_meetings / 2.0) / variance.sqrt() } else { 0.0 }
}

fn size(times: &[Duration]) -> f64 {
    u32::try_from(times.len()).expect("a few").into()
}

#[test]
fn the_comparison_sees_a_difference_and_no_chance() {
    let millis = |all: [u64; 3]| all.map(Duration::from_millis);
    let z = z_of(&millis([1, 2, 2]), &millis([2, 3, 4]));
    assert!((z + 1.623).abs() < 0.001, "z is {z}");
    assert!(z_of(&millis([5; 3]), &millis([5; 3])).abs() < 0.001, "all alike");
    // Ten milliseconds in the middle, and this many microseconds from one to the next.
    let times = |step: u64, percent: u64| -> Vec<Duration> {
        let micros = (0..200).map(|number| (10_000 - 100 * step + number * step) * percent / 100);
        micros.map(Duration::from_micros).collect()
    };
    for (step, percent, differs) in [
        (10, 100, false),
        (10, 102, false),
        (10, 95, true),
        (10, 105, true),
        (90, 105, false),
        (90, 88, true),
        (90, 112, true),
    ] {
        let found = Found::of(&times(step, percent), &times(step, 100));
        assert_eq!(found.differs(), differs, "{percent} % in steps of {step}: {found:?}");
    }
}

#[test]
fn a_wrong_password_takes_as_long_as_a_wrong_address() {
    let own = OwnServer::start(&["--trusted-proxies", "127.0.0.1"]);
    let org = Org::on(own.platform_owner());
    let client = &own.client();
    takes_as_long("a log-in", |round| {
        let member = |_| org.add_member(&["rbt"], &[], None).email;
        let known: Vec<String> = (0..ACCOUNTS).map(member).collect();
        let unknown: Vec<String> =
            (0..ACCOUNTS).map(|_| format!("{}@nowhere.example", unique("nobody"))).collect();
        move |is_known: bool, pair: usize| {
            let emails = if is_known { &known } else { &unknown };
            let address = format!("203.0.{}.{pair}", 2 * round + usize::from(is_known));
            let from = [("X-Forwarded-For", address.as_str())];
            let body = json!({ "email": emails[pair % ACCOUNTS], "password": "not the password" });
            let (reply, took) = timed(|| client.send_json("POST", "/sessions", &from, &body));
            reply.refused(401, "invalid_credentials");
            took
        }
    });
}
