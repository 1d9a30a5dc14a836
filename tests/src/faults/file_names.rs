//! File names that attack whatever trusts them.

use crate::harness::Org;

/// Uploads with this `Content-Disposition`, and returns the saved name and the header of the download.
fn round(org: &Org, disposition: &[u8]) -> (String, String) {
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"file\"; ".to_vec();
    body.extend_from_slice(disposition);
    body.extend_from_slice(b"\r\nContent-Type: text/plain\r\n\r\ntext\r\n--x--\r\n");
    let media_type = [("Content-Type", "multipart/form-data; boundary=x")];
    let file = org.rbt.client.send("POST", &org.path("/attachments"), &media_type, Some(body)).expect(201);
    let read =
        org.rbt.client.get(&org.path(&format!("/attachments/{}/content", file["id"].as_str().unwrap())));
    assert_eq!((read.status, read.bytes.as_slice()), (200, b"text".as_slice()));
    let header = |name: &str| read.header(name).unwrap_or_default();
    assert_eq!(header("Content-Type"), "application/octet-stream");
    assert_eq!(header("X-Content-Type-Options"), "nosniff");
    assert_eq!(header("Content-Security-Policy"), "sandbox; default-src 'none'");
    assert!(header("Cache-Control").starts_with("private"), "{}", header("Cache-Control"));
    assert_eq!(header("Content-Length"), "4");
    (file["filename"].as_str().unwrap().to_owned(), header("Content-Disposition"))
}

/// Whether the download's header has the form of RFC 6266, whatever the name.
fn is_sound(header: &str) -> bool {
    let Some(rest) = header.strip_prefix("attachment; filename=\"") else { return false };
    let Some((ascii, full)) = rest.split_once("\"; filename*=UTF-8''") else { return false };
    let plain = |c: char| c.is_ascii_graphic() || c == ' ';
    ascii.chars().all(|c| plain(c) && !matches!(c, '"' | '\\' | '%' | ';' | '/'))
        && full.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&+-.^_`|~%".contains(c))
}

#[test]
fn names_are_cleaned_and_the_download_is_always_an_attachment() {
    let org = Org::new();
    let long = "x".repeat(300);
    let given: Vec<(String, &str)> = vec![
        ("filename=\"plain.txt\"".to_owned(), "plain.txt"),
        ("filename=\"../../etc/passwd\"".to_owned(), "passwd"),
        ("filename=\"/etc/passwd\"".to_owned(), "passwd"),
        ("filename=\"..\"".to_owned(), "file"),
        ("filename=\"\"".to_owned(), "file"),
        ("filename=\".htaccess\"".to_owned(), "htaccess"),
        ("filename=\"a\u{202e}gpj.exe\"".to_owned(), "agpj.exe"),
        ("filename*=UTF-8''a%00b%7F%1B%5B31m.txt".to_owned(), "ab[31m.txt"),
        ("filename=\"gr\u{fc}n \u{1f600}.txt\"".to_owned(), "gr\u{fc}n \u{1f600}.txt"),
        ("filename=\"a;b=c.txt\"".to_owned(), "a;b=c.txt"),
        ("filename=\"100%.txt\"".to_owned(), "100%.txt"),
        ("filename=\"x\"; filename*=UTF-8''%E2%82%AC%0D%0Arates%22.txt".to_owned(), "\u{20ac}rates.txt"),
        ("filename*=UTF-8''..%2F..%2Fetc%2Fpasswd".to_owned(), "passwd"),
        ("filename*=UTF-8''%E2%80%AEtxt.exe".to_owned(), "txt.exe"),
    ];
    for (disposition, kept) in given {
        let (name, header) = round(&org, disposition.as_bytes());
        assert_eq!(name, kept, "{disposition:?}");
        assert!(is_sound(&header), "{disposition:?}: {header}");
    }
    let (name, header) = round(&org, format!("filename=\"{long}.pdf\"").as_bytes());
    assert!(name.chars().count() <= 150 && name.ends_with(".pdf"), "{name}");
    assert!(is_sound(&header), "{header}");
}

#[test]
fn quotes_and_line_breaks_in_a_name_open_no_second_header() {
    let org = Org::new();
    for disposition in [
        "filename=\"a\\\"; filename=\\\"b.html\"",
        "filename=\"a%22%0d%0aContent-Type: text%2Fhtml\"",
        "filename*=UTF-8''a%0D%0AX-Evil%3A%201%0D%0A%0D%0A%3Chtml%3E",
        "filename*=UTF-8''a%22%3B%20filename%3Db.html",
        "filename=\"C:\\\\temp\\\\a.txt\"",
    ] {
        let (name, header) = round(&org, disposition.as_bytes());
        let bad = |c: char| c.is_control() || matches!(c, '"' | '/' | '\\' | '<' | '>');
        assert!(!name.contains(bad), "{disposition:?} became {name:?}");
        assert!(is_sound(&header), "{disposition:?}: {header}");
    }
}

#[test]
fn a_name_of_bytes_that_no_header_may_hold_is_cleaned_or_refused() {
    let org = Org::new();
    for name in [&b"caf\xe9.txt"[..], b"a\0b.txt", b"a\x1b[31m\x7f.txt", b"a\rb.txt", b"a\nX-Evil: 1.txt"] {
        let mut body = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"".to_vec();
        body.extend_from_slice(name);
        body.extend_from_slice(b"\"\r\n\r\ntext\r\n--x--\r\n");
        let media_type = [("Content-Type", "multipart/form-data; boundary=x")];
        let reply = org.rbt.client.send("POST", &org.path("/attachments"), &media_type, Some(body));
        if reply.status != 201 {
            assert!([400, 422].contains(&reply.status), "{name:?}: {reply}");
            continue;
        }
        let kept = reply.body["filename"].as_str().unwrap();
        assert!(!kept.contains(char::is_control), "{name:?}: {reply}");
    }
}
