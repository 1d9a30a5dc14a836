use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use actix_web::{HttpResponse, get};
use utoipa::ToSchema;
use web::call::{Call, Reply};

use super::body::{AttachmentPath, find_attachment};

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only its description is used")]
pub(crate) struct FileContent(Vec<u8>);

/// Downloads a file
#[utoipa::path(tag = "attachments", params(AttachmentPath), extensions(("x-open-to-viewing-as" = json!(true)), ("x-required-permission" = json!("create_tickets")), ("x-staff-permission" = json!("manage_tickets"))),
    responses((status = 200, description = "The content of the file, as an attachment.", content_type = "application/octet-stream", body = FileContent,
        headers(("Content-Disposition" = String, description = "`attachment`, with the file's name (RFC 6266).")))))]
#[get("/orgs/{org_id}/attachments/{attachment_id}/content")]
pub(super) async fn download_attachment(call: Call<AttachmentPath>) -> Reply {
    let files = call.app.files.clone();
    let file = call.find(|ctx, input| find_attachment(ctx, input.path.attachment_id())).await?;
    let bytes = files.read(&file.storage_key).await?;
    let size = u64::try_from(file.size_bytes).unwrap_or_default();
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((CONTENT_DISPOSITION, disposition(&file.filename)))
        .insert_header((CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .no_chunking(size)
        .streaming(bytes))
}

/// The name in ASCII for old clients, and in full for the others (RFC 6266 4.3, RFC 8187).
fn disposition(name: &str) -> String {
    let ascii: String =
        name.chars()
            .map(|c| {
                if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%' | ';') || c == ' ' { c } else { '_' }
            })
            .collect();
    let is_plain = |b: &u8| b.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(b);
    let full: String = name
        .as_bytes()
        .iter()
        .map(|b| if is_plain(b) { char::from(*b).to_string() } else { format!("%{b:02X}") })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{full}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s004_20_names_can_not_break_out_of_the_header() {
        assert_eq!(disposition("a.txt"), "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt");
        assert_eq!(
            disposition("ä\"\r\n;.txt"),
            "attachment; filename=\"_____.txt\"; filename*=UTF-8''%C3%A4%22%0D%0A%3B.txt"
        );
    }
}
