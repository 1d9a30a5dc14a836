use thiserror::Error;
use words::is_direction;

/// Maximum size of a file in bytes: 10 MiB (R8).
pub const MAX_FILE_BYTES: u64 = 10_485_760;

const MAX_NAME_CHARS: usize = 150;

/// Why a file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FileRefused {
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// A kind that is refused: programs, scripts, web pages, and images that can contain scripts.
    #[error("files of this type are not accepted")]
    KindRefused,
    /// The bytes do not match the declared type.
    #[error("the content of the file does not match its type")]
    TypeMismatch,
}

/// Types that are accepted when the bytes confirm them. No browser runs any of them.
const TAKEN: [&str; 31] = [
    "application/gzip",
    "application/msword",
    "application/pdf",
    "application/rtf",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/x-7z-compressed",
    "application/zip",
    "audio/m4a",
    "audio/mpeg",
    "audio/ogg",
    "audio/x-flac",
    "audio/x-wav",
    "image/avif",
    "image/bmp",
    "image/gif",
    "image/heif",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "text/plain",
];

/// The type for bytes of no known kind; no browser runs it.
const UNKNOWN: &str = "application/octet-stream";

/// Declared types that claim nothing, and so match any bytes.
const SAYS_NOTHING: [&str; 2] = ["application/octet-stream", "binary/octet-stream"];

/// Decides on a file, and returns the type to save. `declared` is the upload's type, `sniffed` the type of
/// the bytes (`None`: of no known kind), `is_text` whether they are plain UTF-8 text.
pub fn check_file(
    size: u64,
    declared: Option<&str>,
    sniffed: Option<&str>,
    is_text: bool,
) -> Result<String, FileRefused> {
    if size == 0 {
        return Err(FileRefused::Empty);
    }
    let actual = match sniffed {
        Some(kind) => kind,
        None if is_text => "text/plain",
        None => UNKNOWN,
    };
    if actual != UNKNOWN && !TAKEN.contains(&actual) {
        return Err(FileRefused::KindRefused);
    }
    let claim = declared.map(essence).filter(|d| !d.is_empty() && !SAYS_NOTHING.contains(&d.as_str()));
    match claim {
        Some(claim) if !agrees(&claim, actual) => Err(FileRefused::TypeMismatch),
        _ => Ok(actual.to_owned()),
    }
}

fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a declared type matches the bytes: the same type, the same media family, any kind of text, or a
/// container of it.
fn agrees(claim: &str, actual: &str) -> bool {
    let family = |t: &str| t.split('/').next().unwrap_or_default().to_owned();
    let textual = |t: &str| {
        family(t) == "text" || ["application/json", "application/x-ndjson", "message/rfc822"].contains(&t)
    };
    let active = ["text/html", "text/javascript", "image/svg+xml", "text/xml"].contains(&claim);
    claim == actual
        || (actual == "text/plain" && textual(claim) && !active)
        || (["audio", "video"].contains(&family(actual).as_str())
            && ["audio", "video"].contains(&family(claim).as_str()))
        || (actual.starts_with("application/") && is_container(actual) && is_container(claim))
}

/// Office files are ZIP archives, and vendors use many names for both.
fn is_container(media_type: &str) -> bool {
    [
        "zip",
        "gzip",
        "7z",
        "officedocument",
        "opendocument",
        "msword",
        "ms-excel",
        "ms-powerpoint",
        "ole-storage",
    ]
    .iter()
    .any(|word| media_type.contains(word))
}

/// A name that is safe to show and to save: no path, no control or direction characters, at most 150
/// characters.
pub fn clean_file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let harmless = |c: &char| {
        !c.is_control()
            && !is_direction(*c)
            && !matches!(c, '\u{2028}' | '\u{2029}' | '"' | '<' | '>' | '|' | ':' | '*' | '?')
    };
    let kept: String = last.chars().filter(harmless).collect();
    let trimmed = kept.trim().trim_start_matches('.').trim();
    if trimmed.is_empty() {
        return "file".to_owned();
    }
    let count = trimmed.chars().count();
    if count <= MAX_NAME_CHARS {
        return trimmed.to_owned();
    }
    let ending: String =
        trimmed.rsplit_once('.').map(|(_, e)| e.chars().take(10).collect()).unwrap_or_default();
    let stem: String = trimmed.chars().take(MAX_NAME_CHARS - ending.chars().count() - 1).collect();
    if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s004_20_the_bytes_decide_what_a_file_is() {
        assert_eq!(check_file(0, None, None, true), Err(FileRefused::Empty));
        assert_eq!(check_file(9, None, Some("image/png"), false).as_deref(), Ok("image/png"));
        assert_eq!(
            check_file(9, Some("image/png"), Some("application/pdf"), false),
            Err(FileRefused::TypeMismatch)
        );
        assert_eq!(check_file(9, Some("image/png"), None, true), Err(FileRefused::TypeMismatch));
        assert_eq!(check_file(9, Some("text/csv; charset=utf-8"), None, true).as_deref(), Ok("text/plain"));
        assert_eq!(check_file(9, Some("text/html"), None, true), Err(FileRefused::TypeMismatch));
        assert_eq!(check_file(9, None, Some("text/html"), true), Err(FileRefused::KindRefused));
        assert_eq!(
            check_file(9, None, Some("application/x-executable"), false),
            Err(FileRefused::KindRefused)
        );
        assert_eq!(check_file(9, None, None, false).as_deref(), Ok("application/octet-stream"));
        assert_eq!(check_file(9, Some("image/png"), None, false), Err(FileRefused::TypeMismatch));
        assert_eq!(check_file(9, Some("application/octet-stream"), None, true).as_deref(), Ok("text/plain"));
    }

    #[test]
    fn s004_20_names_are_cleaned() {
        assert_eq!(clean_file_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_file_name("C:\\temp\\a.txt"), "a.txt");
        assert_eq!(clean_file_name("a\r\nb\0\"c\u{202e}.txt"), "abc.txt");
        assert_eq!(clean_file_name(".."), "file");
        assert_eq!(clean_file_name(&format!("{}.pdf", "x".repeat(300))).chars().count(), 150);
        assert!(clean_file_name(&format!("{}.pdf", "x".repeat(300))).ends_with(".pdf"));
    }
}
