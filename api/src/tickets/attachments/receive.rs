//! Streams the one file of a multipart body into the file store.

use actix_multipart::{Field, Multipart};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};
use application::app::App;
use application::disk::Disk;
use application::files::NewFile;
use application::keys::hex;
use application::problem::{Fault, Problem};
use application::problem_codes::Code;
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use tickets::{MAX_FILE_BYTES, check_file, clean_file_name};
use web::body::{TimedBody, declared_bytes};

use super::reservation::UploadReservation;

/// The bytes at the start of a file that identify its type.
const HEAD_BYTES: usize = 8_192;
/// The largest size of the multipart frame around a file.
const FRAME_BYTES: u64 = 16_384;

/// The interval, in bytes of a file, at which the free disk space is checked again.
const DISK_CHECK_BYTES: u64 = 1_048_576;

/// A stored file that is not attached yet.
pub(super) struct Received {
    pub(super) filename: String,
    pub(super) content_type: String,
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
}

/// The largest possible size of the file, according to the request's headers.
pub(super) fn expected_bytes(request: &HttpRequest) -> Result<u64, Problem> {
    let is_multipart = request.content_type().eq_ignore_ascii_case("multipart/form-data");
    if !is_multipart {
        return Err(Problem::new(
            Code::UnsupportedMediaType,
            "Send the file as multipart/form-data, in a part named `file`.",
        ));
    }
    Ok(declared_bytes(request, greatest_body())?.unwrap_or(MAX_FILE_BYTES).min(MAX_FILE_BYTES))
}

/// Reads the body and stores its file in the reserved storage. Without a reservation, the body is only read. If anything fails,
/// the stored bytes are removed.
pub(super) async fn receive(
    request: &HttpRequest,
    body: TimedBody,
    app: &App,
    reservation: Option<&UploadReservation>,
) -> Result<Received, Problem> {
    let chunks = body.into_stream().map(|chunk| {
        chunk.map_err(|p| actix_web::error::PayloadError::Io(std::io::Error::other(ProblemError(p))))
    });
    let mut parts = Multipart::new(request.headers(), chunks);
    let missing = || Problem::invalid(vec![Fault::at("#/file", "required", "`file` is missing.")]);
    let part = parts.next().await.ok_or_else(missing)?.map_err(|e| multipart_problem(&e))?;
    if part.name() != Some("file") {
        let name = part.name().unwrap_or_default().chars().take(50).collect::<String>();
        return Err(Problem::invalid(vec![Fault::at(
            format!("#/{name}"),
            "unknown_field",
            "This part is not known here.",
        )]));
    }
    let mut file = match reservation {
        Some(reservation) => Some(app.files.begin(&reservation.key).await?),
        None => None,
    };
    let read = match read_file(part, file.as_mut(), &app.disk).await {
        Ok(read) => only_part(&mut parts).await.and(Ok(read)),
        Err(problem) => Err(problem),
    };
    match (read, file) {
        (Ok(received), Some(file)) => file.finish().await.map(|()| received),
        (Err(problem), Some(file)) => {
            file.discard().await;
            Err(problem)
        }
        (read, None) => read,
    }
}

/// Carries a problem through a library that only passes on its own errors.
#[derive(Debug)]
struct ProblemError(Problem);

impl std::fmt::Display for ProblemError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ProblemError {}

fn multipart_problem(error: &actix_multipart::MultipartError) -> Problem {
    if let actix_multipart::MultipartError::Payload(actix_web::error::PayloadError::Io(inner)) = error
        && let Some(ProblemError(problem)) = inner.get_ref().and_then(|e| e.downcast_ref())
    {
        return problem.clone();
    }
    Problem::new(Code::MalformedRequest, "The multipart body can't be read.")
}

async fn only_part(parts: &mut Multipart) -> Result<(), Problem> {
    match parts.next().await {
        None => Ok(()),
        Some(Err(e)) => Err(multipart_problem(&e)),
        Some(Ok(_)) => {
            Err(Problem::invalid(vec![Fault::at("#", "too_many", "Send one part, named `file`.")]))
        }
    }
}

async fn read_file(
    mut part: Field,
    mut file: Option<&mut NewFile>,
    disk: &Disk,
) -> Result<Received, Problem> {
    let declared = part.content_type().map(ToString::to_string);
    let given = part.content_disposition().and_then(|d| {
        let full = d.get_filename_ext().map(|name| String::from_utf8_lossy(&name.value).into_owned());
        full.or_else(|| d.get_filename().map(str::to_owned))
    });
    let mut seen = FileInspection::default();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|e| multipart_problem(&e))?;
        let checked = seen.size / DISK_CHECK_BYTES;
        seen.add(&chunk)?;
        if let Some(file) = &mut file {
            if seen.size / DISK_CHECK_BYTES > checked {
                disk.require_reserve().await?;
            }
            file.write(chunk).await?;
        }
    }
    let known = infer::get(&seen.head).map(|kind| kind.mime_type());
    let sniffed = match seen.is_text() {
        true => known.or_else(|| looks_active(&seen.head).then_some("text/html")),
        false => known.or_else(|| looks_like_program(&seen.head)),
    };
    let content_type = check_file(seen.size, declared.as_deref(), sniffed, seen.is_text())?;
    Ok(Received {
        filename: clean_file_name(&given.unwrap_or_default()),
        content_type,
        size_bytes: seen.size,
        sha256: hex(&seen.hash.finalize()),
    })
}

/// The findings about a file so far.
#[derive(Default)]
struct FileInspection {
    size: u64,
    head: Vec<u8>,
    hash: Sha256,
    /// Trailing bytes that may be the start of a character.
    rest: Vec<u8>,
    is_no_text: bool,
}

impl FileInspection {
    fn add(&mut self, chunk: &Bytes) -> Result<(), Problem> {
        self.size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if self.size > MAX_FILE_BYTES {
            return Err(Problem::new(
                Code::PayloadTooLarge,
                format!("A file has at most {MAX_FILE_BYTES} bytes."),
            ));
        }
        self.hash.update(chunk);
        let missing = HEAD_BYTES.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(chunk.get(..missing).unwrap_or_default());
        self.look_for_text(chunk);
        Ok(())
    }

    fn look_for_text(&mut self, chunk: &[u8]) {
        if self.is_no_text {
            return;
        }
        self.rest.extend_from_slice(chunk);
        let (valid, cut) = match std::str::from_utf8(&self.rest) {
            Ok(text) => (text.len(), false),
            Err(e) => (e.valid_up_to(), e.error_len().is_some()),
        };
        let controls = self
            .rest
            .get(..valid)
            .unwrap_or_default()
            .iter()
            .any(|b| (*b < 0x20 || *b == 0x7f) && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c));
        self.is_no_text = cut || controls;
        self.rest.drain(..valid);
    }

    fn is_text(&self) -> bool {
        !self.is_no_text && self.rest.is_empty()
    }
}

/// The first bytes of programs, including those too short for the library to detect.
const PROGRAMS: [(&[u8], &str); 6] = [
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\xca\xfe\xba\xbe", "application/java"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\0asm", "application/wasm"),
    (b"dex\n", "application/vnd.android.dex"),
];

fn looks_like_program(head: &[u8]) -> Option<&'static str> {
    PROGRAMS.iter().find(|(start, _)| head.starts_with(start)).map(|(_, kind)| *kind)
}

/// Text that a browser might execute if it were served with its own media type.
fn looks_active(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    start.starts_with("#!")
        || ["<!doctype", "<html", "<svg", "<script", "<?xml", "<iframe", "<body", "<?php"].iter().any(|tag| {
            start.starts_with(tag) || text.contains(&format!("{tag} ")) || text.contains(&format!("{tag}>"))
        })
}

/// The largest body that may contain a file.
pub(super) fn greatest_body() -> u64 {
    MAX_FILE_BYTES + FRAME_BYTES
}
