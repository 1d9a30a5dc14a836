//! Takes the one file out of a multipart body, straight into the file store.

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
use tickets::{MAX_FILE_BYTES, admit_file, clean_file_name};
use web::body::{TimedBody, declared_bytes};

use super::room::Room;

/// Bytes that tell of what kind a file is.
const HEAD_BYTES: usize = 8_192;
/// Room for the multipart frame around a file of the greatest size.
const FRAME_BYTES: u64 = 16_384;

/// Bytes of a file after which the free disk is looked at again.
const DISK_CHECK_BYTES: u64 = 1_048_576;

/// A file that is stored, and not yet anybody's.
pub(super) struct Received {
    pub(super) filename: String,
    pub(super) content_type: String,
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
}

/// The most bytes that the file of this request can have, as far as its headers tell.
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

/// Reads the body and stores its file in the room taken for it; without one it is only read. Whatever goes wrong, nothing of
/// the file is left.
pub(super) async fn receive(
    request: &HttpRequest,
    body: TimedBody,
    app: &App,
    room: Option<&Room>,
) -> Result<Received, Problem> {
    let chunks = body.into_stream().map(|chunk| {
        chunk.map_err(|p| actix_web::error::PayloadError::Io(std::io::Error::other(Carried(p))))
    });
    let mut parts = Multipart::new(request.headers(), chunks);
    let missing = || Problem::invalid(vec![Fault::at("#/file", "required", "`file` is missing.")]);
    let part = parts.next().await.ok_or_else(missing)?.map_err(|e| broken(&e))?;
    if part.name() != Some("file") {
        let name = part.name().unwrap_or_default().chars().take(50).collect::<String>();
        return Err(Problem::invalid(vec![Fault::at(
            format!("#/{name}"),
            "unknown_field",
            "This part is not known here.",
        )]));
    }
    let mut file = match room {
        Some(room) => Some(app.files.begin(&room.key).await?),
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

/// A problem on its way through a library that knows only its own errors.
#[derive(Debug)]
struct Carried(Problem);

impl std::fmt::Display for Carried {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Carried {}

fn broken(error: &actix_multipart::MultipartError) -> Problem {
    if let actix_multipart::MultipartError::Payload(actix_web::error::PayloadError::Io(inner)) = error
        && let Some(Carried(problem)) = inner.get_ref().and_then(|e| e.downcast_ref())
    {
        return problem.clone();
    }
    Problem::new(Code::MalformedRequest, "The multipart body can't be read.")
}

async fn only_part(parts: &mut Multipart) -> Result<(), Problem> {
    match parts.next().await {
        None => Ok(()),
        Some(Err(e)) => Err(broken(&e)),
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
    let mut seen = Seen::default();
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|e| broken(&e))?;
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
    let content_type = admit_file(seen.size, declared.as_deref(), sniffed, seen.is_text())?;
    Ok(Received {
        filename: clean_file_name(&given.unwrap_or_default()),
        content_type,
        size_bytes: seen.size,
        sha256: hex(&seen.hash.finalize()),
    })
}

/// What is known of a file so far.
#[derive(Default)]
struct Seen {
    size: u64,
    head: Vec<u8>,
    hash: Sha256,
    /// Bytes at the end that may be the beginning of a character.
    rest: Vec<u8>,
    is_no_text: bool,
}

impl Seen {
    fn add(&mut self, chunk: &Bytes) -> Result<(), Problem> {
        self.size += u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        if self.size > MAX_FILE_BYTES {
            return Err(Problem::new(
                Code::PayloadTooLarge,
                format!("A file has at most {MAX_FILE_BYTES} bytes."),
            ));
        }
        self.hash.update(chunk);
        let room = HEAD_BYTES.saturating_sub(self.head.len()).min(chunk.len());
        self.head.extend_from_slice(chunk.get(..room).unwrap_or_default());
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

/// The beginnings of programs, also of those too short for the library to know.
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

/// Text that a browser might run, should it ever be shown as what it is.
fn looks_active(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let start = text.trim_start_matches('\u{feff}').trim_start();
    start.starts_with("#!")
        || ["<!doctype", "<html", "<svg", "<script", "<?xml", "<iframe", "<body", "<?php"].iter().any(|tag| {
            start.starts_with(tag) || text.contains(&format!("{tag} ")) || text.contains(&format!("{tag}>"))
        })
}

/// The greatest body that may hold a file.
pub(super) fn greatest_body() -> u64 {
    MAX_FILE_BYTES + FRAME_BYTES
}
