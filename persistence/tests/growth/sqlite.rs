//! SQLite's statistics of its own work: steps of its virtual machine, and pages.
#![expect(unsafe_code, reason = "SQLite tells these numbers only through its C interface")]

use std::ffi::{c_char, c_int, c_uint, c_void};
use std::ptr::null_mut;
use std::sync::Once;
use std::sync::atomic::{AtomicI64, Ordering};

use libsqlite3_sys as ffi;

use super::Cost;

static STEPS: AtomicI64 = AtomicI64::new(0);
static PAGES: AtomicI64 = AtomicI64::new(0);

/// Counts the work of every connection that is opened from now on.
pub(crate) fn count_work() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: `opened` has the signature of a SQLite entry point.
        unsafe { ffi::sqlite3_auto_extension(Some(opened)) };
    });
}

/// What was counted since the last call.
pub(crate) fn counted() -> Cost {
    Cost { rows: STEPS.swap(0, Ordering::SeqCst), pages: PAGES.swap(0, Ordering::SeqCst) }
}

unsafe extern "C" fn opened(
    db: *mut ffi::sqlite3,
    _: *mut *mut c_char,
    _: *const ffi::sqlite3_api_routines,
) -> c_int {
    // SAFETY: `db` is the connection being opened.
    unsafe { ffi::sqlite3_trace_v2(db, ffi::SQLITE_TRACE_PROFILE, Some(finished), null_mut()) }
}

unsafe extern "C" fn finished(_: c_uint, _: *mut c_void, statement: *mut c_void, _: *mut c_void) -> c_int {
    let statement = statement.cast::<ffi::sqlite3_stmt>();
    // SAFETY: the trace names a live statement, and its connection outlives it.
    unsafe {
        let steps = ffi::sqlite3_stmt_status(statement, ffi::SQLITE_STMTSTATUS_VM_STEP, 1);
        STEPS.fetch_add(i64::from(steps), Ordering::SeqCst);
        let db = ffi::sqlite3_db_handle(statement);
        for what in [ffi::SQLITE_DBSTATUS_CACHE_HIT, ffi::SQLITE_DBSTATUS_CACHE_MISS] {
            let (mut now, mut most) = (0, 0);
            ffi::sqlite3_db_status(db, what, &raw mut now, &raw mut most, 1);
            PAGES.fetch_add(i64::from(now), Ordering::SeqCst);
        }
    }
    0
}
