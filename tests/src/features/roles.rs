//! Custom roles of an organization, and which role grants what: S001-8, S003-11, R12.

use serde_json::{Value, json};

use super::helpers::*;
use crate::harness::{Org, Reply, holder_of, platform_owner, unique};

fn new_key() -> String {
    unique("role").replace('-', "_")
}

fn create(org: &Org, key: &str, permissions: &[&str]) -> Reply {
    let body = json!({"key": key, "name": "Front desk", "permissions": permissions});
    org.owner.client.post(&org.path("/roles"), body)
}

#[test]
fn s001_8_every_organization_has_the_seeded_roles() {
    let org = Org::new();
    let roles = walk(&org.owner.client, &org.path("/roles"));
    let keys: Vec<String> = roles.iter().map(|role| text(role, "key")).collect();
    assert_eq!(
        keys,
        [
            "bcba",
            "community_facilitator",
            "community_governance_council",
            "community_member",
            "guest",
            "manager",
            "owner",
            "rbt",
            "representative"
        ]
    );
    assert!(roles.iter().all(|role| role["is_seeded"] == true));
}

#[test]
fn r12_a_custom_role_is_created_granted_changed_and_deleted() {
    let (org, key) = (Org::new(), new_key());
    let made = create(&org, &key, &["create_tickets", "view_members"]);
    let place = made.header("location").unwrap();
    let made = made.expect(201);
    assert_eq!(place, format!("/api/v1{}", org.path(&format!("/roles/{key}"))));
    assert_eq!((&made["is_seeded"], &made["name"]), (&json!(false), &json!("Front desk")));
    let path = org.path(&format!("/roles/{key}"));
    let tag = org.owner.client.get(&path).etag();
    change_member(&org, &org.rbt, json!({"roles": [key]}));
    org.rbt.client.get(&org.path("/members")).expect(200);
    org.owner.client.delete(&path).refused(409, "conflict");
    let renamed = org.owner.client.patch(&path, json!({"name": "Reception"})).expect(200);
    assert_eq!(renamed["name"], "Reception");
    org.owner
        .client
        .send_json("PATCH", &path, &[("If-Match", &tag)], &json!({"name": "Again"}))
        .refused(412, "precondition_failed");
    grant(&org, &key, &["create_tickets"]);
    org.rbt.client.get(&org.path("/members")).refused(403, "forbidden");
    change_member(&org, &org.rbt, json!({"roles": ["rbt"]}));
    let invitation = json!({"email": "desk@front.example", "roles": [key]});
    let invited = org.owner.client.post(&org.path("/invitations"), invitation).expect(201);
    org.owner.client.delete(&path).refused(409, "conflict");
    let revoke = org.path(&format!("/invitations/{}/revoke", text(&invited, "id")));
    org.owner.client.post_empty(&revoke).expect(200);
    org.owner.client.delete(&path).expect(204);
    org.owner.client.get(&path).refused(404, "not_found");
}

#[test]
fn nobody_creates_a_role_above_their_own_permissions() {
    let (org, key) = (Org::new(), new_key());
    create(&org, "rbt", &[]).refused(409, "already_exists");
    for bad in ["Front Desk", "_desk", ""] {
        assert_eq!(create(&org, bad, &[]).status, 422, "{bad}");
    }
    create(&org, &key, &["fly"]).refused(422, "validation_failed");
    create(&org, &key, &["manage_orgs"]).refused(422, "validation_failed");
    grant(&org, "bcba", &["create_tickets", "manage_roles"]);
    let up = json!({"key": key, "name": "Up", "permissions": ["manage_org"]});
    org.bcba.client.post(&org.path("/roles"), up).refused(403, "forbidden");
    let clone = json!({"key": key, "name": "Up"});
    org.bcba.client.post(&org.path("/roles/owner/clone"), clone.clone()).refused(403, "forbidden");
    org.bcba.client.post(&org.path("/roles/rbt/clone"), clone).expect(201);
    org.rbt
        .client
        .post(&org.path("/roles"), json!({"key": "x", "name": "X", "permissions": []}))
        .refused(403, "forbidden");
    let strong = new_key();
    create(&org, &strong, &["manage_org"]).expect(201);
    org.bcba.client.delete(&org.path(&format!("/roles/{strong}"))).refused(403, "forbidden");
    for key in ["owner", "manager", "community_member"] {
        org.owner.client.delete(&org.path(&format!("/roles/{key}"))).refused(409, "conflict");
        org.owner
            .client
            .patch(&org.path(&format!("/roles/{key}")), json!({"name": "X"}))
            .refused(409, "conflict");
    }
}

#[test]
fn a_clone_is_independent() {
    let (org, key) = (Org::new(), new_key());
    let clone = json!({"key": key, "name": "Night manager"});
    let made = org.owner.client.post(&org.path("/roles/manager/clone"), clone).expect(201);
    let origin = org.owner.client.get(&org.path("/roles/manager")).expect(200);
    assert_eq!(made["permissions"], origin["permissions"]);
    grant(&org, &key, &["create_tickets"]);
    assert_eq!(org.owner.client.get(&org.path("/roles/manager")).expect(200), origin);
}

#[test]
fn members_see_their_permissions_and_the_granting_role() {
    let org = Org::new();
    change_member(&org, &org.rbt, json!({"roles": ["rbt", "community_facilitator"]}));
    let mine = org.rbt.client.get("/me/permissions").expect(200);
    assert_eq!((&mine["platform"], &mine["organizations"][0]["org_id"]), (&json!([]), &json!(org.id)));
    let held = mine["organizations"][0]["permissions"].as_array().unwrap().clone();
    let by = |word: &str| held.iter().find(|p| p["permission"] == word).map(|p| p["roles"].clone());
    assert_eq!(by("create_tickets"), Some(json!(["community_facilitator", "rbt"])));
    assert_eq!(by("invite_members"), Some(json!(["community_facilitator"])));
    assert_eq!(by("manage_org"), None);
    let support = holder_of("platform_tech_support").client.get("/me/permissions").expect(200);
    let platform: Vec<Value> = support["platform"].as_array().unwrap().clone();
    assert!(platform.iter().all(|p| p["roles"] == json!(["platform_tech_support"])));
    assert!(platform.iter().any(|p| p["permission"] == "diagnose_users"));
}

#[test]
fn staff_see_the_permissions_of_a_member_as_the_member_does() {
    let (org, other) = (Org::new(), Org::new());
    let here = org.path(&format!("/members/{}/permissions", org.rbt.id));
    let anywhere = format!("/users/{}/permissions", org.rbt.id);
    let body = json!({"email": org.rbt.email, "name": "Rob", "roles": ["manager"]});
    other.owner.client.post(&other.path("/members"), body).expect(201);
    let mine = org.rbt.client.get("/me/permissions").expect(200);
    assert_eq!(mine["organizations"].as_array().unwrap().len(), 2);
    assert_eq!(platform_owner().client.get(&anywhere).expect(200), mine);
    let of_this = |all: &Value| {
        all["organizations"].as_array().unwrap().iter().find(|o| o["org_id"] == json!(org.id)).cloned()
    };
    assert_eq!(Some(org.manager.client.get(&here).expect(200)), of_this(&mine), "nothing of the other one");
    org.rbt2.client.get(&here).refused(403, "forbidden");
    other.owner.client.get(&here).refused(404, "not_found");

    org.suspend(&org.rbt);
    let nothing = json!({"org_id": org.id, "permissions": [], "needs_two_factor": false});
    assert_eq!(org.manager.client.get(&here).expect(200), nothing);
    let left = platform_owner().client.get(&anywhere).expect(200);
    assert_eq!((left["organizations"].as_array().unwrap().len(), of_this(&left)), (1, None));
    org.reactivate(&org.rbt);

    let shut_off = json!({"reason": "Away."});
    platform_owner().client.post(&format!("/users/{}/suspend", org.rbt.id), shut_off).expect(200);
    assert_eq!(org.manager.client.get(&here).expect(200), nothing);
    let left = platform_owner().client.get(&anywhere).expect(200);
    assert_eq!(left, json!({"platform": [], "needs_two_factor": false, "organizations": []}));
}
