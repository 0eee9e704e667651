//! Backups from the admin's app, over HTTP.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, TestApp};

/// Waits until the job has ended; returns it.
async fn ended(admin: &Client) -> Value {
    loop {
        let job = admin.get("/box/job").await.ok()["job"].clone();
        if job["state"] != "running" {
            return job;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn made(admin: &Client) -> Value {
    let begun = admin.send(admin.request(Method::POST, "/box/backups")).await;
    assert_eq!(begun.status, 202);
    let job = ended(admin).await;
    assert_eq!((&job["state"], &job["percent"]), (&json!("done"), &json!(100)), "{job}");
    job
}

#[tokio::test]
async fn an_admin_makes_looks_into_loads_and_removes_a_backup() {
    let app = TestApp::start().await;
    let (admin, manager) = (app.admin().await, app.manager().await);
    let begun = manager.send(manager.request(Method::POST, "/box/backups")).await;
    begun.refused(403, "wrong_role");
    assert_eq!(admin.get("/box/job").await.ok()["job"], Value::Null);

    let job = made(&admin).await;
    let name = job["name"].as_str().unwrap();
    let list = admin.get("/box/backups").await.ok();
    assert_eq!((&list["total"], &list["is_encrypted"]), (&json!(1), &json!(false)));
    assert_eq!(list["backups"][0]["name"], name);
    let path = format!("/box/backups/{name}");
    let found = admin.post(&format!("{path}/contents"), &json!({})).await.ok();
    assert_eq!((&found["tables"]["users"], &found["has_keys"]), (&json!(4), &json!(false)));

    let ticket = admin.post(&format!("{path}/ticket"), &json!({})).await.created();
    let url = ticket["url"].as_str().unwrap();
    let loaded = app.anonymous().get(url).await;
    assert_eq!(loaded.status, 200);
    assert_eq!(
        loaded.bytes,
        std::fs::read(app.app.settings.data_dir.join("backups").join(name)).unwrap()
    );
    app.anonymous().get(url).await.refused(403, "ticket_used");
    app.anonymous().get(&path).await.invalid("ticket");

    admin.delete(&path).await.ok();
    admin.delete(&path).await.refused(404, "not_found");
    admin.delete("/box/backups/..%2Fqres.db").await.refused(404, "not_found");
    assert_eq!(admin.get("/box/backups").await.ok()["total"], 0);
}

#[tokio::test]
async fn with_a_passphrase_backups_are_encrypted_and_open_only_with_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let set = |passphrase: Value| {
        let request = admin.request(Method::PUT, "/box/backup-passphrase");
        admin.send(request.json(&json!({ "passphrase": passphrase })))
    };
    set(json!("short")).await.refused(400, "passphrase_short");
    set(json!("four words are enough")).await.ok();
    let name = made(&admin).await["name"].as_str().unwrap().to_owned();
    assert!(name.ends_with(".tar.zst.age"), "{name}");
    let contents = format!("/box/backups/{name}/contents");
    assert_eq!(admin.post(&contents, &json!({})).await.ok()["has_keys"], true);
    let wrong = json!({"passphrase": "something else"});
    admin.post(&contents, &wrong).await.refused(400, "wrong_passphrase");

    set(Value::Null).await.ok();
    admin.post(&contents, &json!({})).await.refused(400, "passphrase_needed");
    let right = json!({"passphrase": "four words are enough"});
    admin.post(&contents, &right).await.ok();
}

#[tokio::test]
async fn a_file_that_is_sent_is_looked_at_before_the_box_starts_anew_with_it() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let name = made(&admin).await["name"].as_str().unwrap().to_owned();
    let folder = app.app.settings.data_dir.join("backups");
    let bytes = std::fs::read(folder.join(name)).unwrap();
    let send =
        |bytes: Vec<u8>| admin.send(admin.request(Method::POST, "/box/backups/upload").body(bytes));

    // N12: what is no backup stayed in the backups' folder. It is refused, and nothing of it
    // is left: random bytes, what only begins like one, and one that was cut off near its end.
    let begins = |magic: &[u8]| [magic, &vec![7; 12 * 1024 * 1024]].concat();
    let costly = |key: &str| {
        let (body, mac) = ("A".repeat(43), "A".repeat(43));
        begins(format!("age-encryption.org/v1\n-> {key}\n{body}\n--- {mac}\n").as_bytes())
    };
    for rubbish in [
        // Nobody could open these here: at a cost of 2^30, and for a key instead of a passphrase.
        costly("scrypt AAAAAAAAAAAAAAAAAAAAAA 30"),
        costly(&format!("X25519 {}", "A".repeat(43))),
        vec![7; 12 * 1024 * 1024],
        begins(&[0x28, 0xB5, 0x2F, 0xFD]),
        begins(b"age-encryption.org/v1\n-> scrypt "),
        bytes[..bytes.len() - 100].to_vec(),
    ] {
        // The body may be larger than any other: only space limits it.
        send(rubbish).await.refused(400, "backup_damaged");
        let left = std::fs::read_dir(&folder).unwrap().flatten();
        let left: Vec<_> = left.filter(|file| !file.path().ends_with(".lock")).collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
    admin.post("/box/restore", &json!({"name": "none"})).await.refused(404, "not_found");

    // One that was spoilt in the backups' folder, near its end: the manifest is still read, the
    // rest is not believed.
    let cut = "uploaded-20261124T041500Z.tar.zst";
    std::fs::write(folder.join(cut), &bytes[..bytes.len() - 100]).unwrap();
    let begun = admin.post("/box/restore", &json!({"name": cut})).await;
    assert_eq!(begun.status, 202);
    let job = ended(&admin).await;
    assert_eq!((&job["state"], &job["code"]), (&json!("failed"), &json!("backup_damaged")));
    assert!(!app.app.restart.is_cancelled());
    assert!(!app.app.settings.data_dir.join("restore.new").exists());

    admin.delete(&format!("/box/backups/{cut}")).await.ok();
    let whole = send(bytes).await.created();
    assert_eq!(whole["kind"], "uploaded");
    let begun = admin.post("/box/restore", &json!({"name": whole["name"]})).await;
    assert_eq!(begun.status, 202);
    tokio::time::timeout(Duration::from_secs(30), app.app.restart.cancelled()).await.unwrap();
}

/// B5: a second backup in the same second took the first one's name, and tests slept for it. The
/// third took the name of the first, which the retention policy had removed, and
/// went as the older one.
#[tokio::test]
async fn backups_of_one_second_have_names_in_their_order() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let mut names = Vec::new();
    for _ in 0..4 {
        names.push(made(&admin).await["name"].as_str().unwrap().to_owned());
        let list = admin.get("/box/backups").await.ok();
        assert_eq!(list["backups"][0]["name"], *names.last().unwrap(), "the newest stays");
    }
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
}
