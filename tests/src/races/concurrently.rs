//! Doing things at the same moment.

use std::sync::Barrier;
use std::thread::scope;

use crate::harness::Reply;

/// Runs `work` this many times at once, each with its own number, and returns what came of them in order.
pub(crate) fn together<T: Send>(times: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(times);
    scope(|threads| {
        let running: Vec<_> = (0..times)
            .map(|number| {
                let (start, work) = (&start, &work);
                threads.spawn(move || {
                    start.wait();
                    work(number)
                })
            })
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// The answers with this status.
pub(super) fn with_status(replies: &[Reply], status: u16) -> Vec<&Reply> {
    replies.iter().filter(|reply| reply.status == status).collect()
}

/// Asserts that each answer has one of these statuses and codes; a success has no code.
#[track_caller]
pub(super) fn only(replies: &[Reply], expected: &[(u16, &str)]) {
    for reply in replies {
        assert!(expected.contains(&(reply.status, reply.code())), "not one of {expected:?}: {reply}");
    }
}
