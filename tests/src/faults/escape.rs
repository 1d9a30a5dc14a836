//! Addresses with broken percent-encoding.

use super::snapshot::snapshot;
use super::wire::Wire;
use crate::harness::{Org, server};

#[test]
fn a_query_that_is_no_percent_encoded_utf_8_is_malformed() {
    let org = Org::new();
    for query in [
        "q=%",
        "q=%4",
        "q=%zz",
        "q=a%g0b",
        "q=%ff",
        "q=%C3%28",
        "q=%ED%A0%80",
        "q=%C0%80",
        "%zz=1",
        "q=ok&status=%",
    ] {
        org.owner.client.get(&org.path(&format!("/tickets?{query}"))).refused(400, "malformed_request");
    }
    org.owner.client.get(&org.path("/tickets?q=%EF%BF%BD")).expect(200);
}

#[test]
fn a_path_that_is_no_percent_encoded_utf_8_leads_nowhere() {
    let org = Org::new();
    let before = snapshot(&org);
    let token = org.owner.client.token.clone().unwrap();
    for id in ["%zz", "%", "%f", "%ff", "%C3%28", "%00", "%0d%0aX-Evil:%201"] {
        let request = format!(
            "GET /api/v1/orgs/{}/tickets/{id} HTTP/1.1\r\nHost: steward\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n",
            org.id
        );
        let answer = Wire::exchange(&server().base, request.as_bytes()).unwrap();
        assert!([400, 404, 422].contains(&answer.status), "{id}: {answer:?}");
        assert_eq!(answer.body()["status"], answer.status, "{id}: {answer:?}");
        assert!(answer.header("X-Evil").is_none());
    }
    assert_eq!(snapshot(&org), before);
}

#[test]
fn encoded_letters_are_letters_and_an_encoded_slash_is_no_slash() {
    let org = Org::new();
    let token = org.owner.client.token.clone().unwrap();
    let get = |path: &str| {
        let head = format!(
            "GET /api/v1{path} HTTP/1.1\r\nHost: steward\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        Wire::exchange(&server().base, head.as_bytes()).unwrap()
    };
    assert_eq!(get(&format!("/orgs/{}/%74ickets", org.id)).status, 200);
    for path in [format!("/orgs/{}%2Ftickets", org.id), format!("/orgs%2F{}/tickets", org.id)] {
        let answer = get(&path);
        assert!([404, 422].contains(&answer.status), "{path}: {answer:?}");
    }
    for path in ["/orgs/../me", "/./me"] {
        let request = format!("GET /api/v1{path} HTTP/1.1\r\nHost: steward\r\nConnection: close\r\n\r\n");
        let answer = Wire::exchange(&server().base, request.as_bytes()).unwrap();
        assert!([401, 404].contains(&answer.status), "{path}: {answer:?}");
    }
}
