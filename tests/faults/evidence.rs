//! What a restore must not undo.

use std::process::Stdio;

use serde_json::{Value, json};

use crate::harness::{Person, Qres, qres_command};

async fn id_of(admin: &Person, username: &str) -> i64 {
    let (_, list) = admin.get("/users?limit=100").await;
    let users = list["users"].as_array().unwrap();
    let user = users.iter().find(|user| user["username"] == username).unwrap();
    user["id"].as_i64().unwrap()
}

async fn tablet(admin: &Person, name: &str) -> i64 {
    let (_, code) = admin.post("/devices/pairing", &Value::Null).await;
    let wish = json!({"code": code["code"], "name": name});
    let (status, device) = admin.post("/devices/pair", &wish).await;
    assert_eq!(status, 201, "{device}");
    device["id"].as_i64().unwrap()
}

fn run(qres: &Qres, arguments: &[&str]) -> String {
    let mut command = qres_command(&qres.data, arguments[0]);
    command.args(&arguments[1..]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Everything of the audit trail, oldest first.
async fn trail(admin: &Person) -> Vec<Value> {
    let (_, list) = admin.get("/audit?limit=100").await;
    list["entries"].as_array().unwrap().iter().rev().cloned().collect()
}

/// N8, B8: a restore brought back the audit trail, the people and the tablets of the backup: who was
/// cut off since was let in again, and nothing told of that or of the restore.
#[tokio::test(flavor = "multi_thread")]
async fn a_restore_is_written_down_and_lets_nobody_in_again() {
    let mut qres = Qres::start().await;
    for name in ["anna", "olga", "lena"] {
        qres.waiter(name).await;
    }
    let admin = qres.admin.clone();
    let manager = json!({"role": "manager"});
    let lena = id_of(&admin, "lena").await;
    assert_eq!(admin.patch(&format!("/users/{lena}"), &manager).await.0, 200);
    let (lost, kept) = (tablet(&admin, "Lost").await, tablet(&admin, "Kept").await);
    let file = qres.data.with_file_name("b.tar.zst").display().to_string();
    run(&qres, &["backup", &file]);

    // What happens since: one is switched off, one removed, one may less, one is new; a tablet is cut
    // off, and so is a net.
    let (anna, olga) = (id_of(&admin, "anna").await, id_of(&admin, "olga").await);
    let off = json!({"is_active": false});
    assert_eq!(admin.patch(&format!("/users/{anna}"), &off).await.0, 200);
    assert!(admin.delete(&format!("/users/{olga}")).await.is_success());
    let less = json!({"role": "waiter"});
    assert_eq!(admin.patch(&format!("/users/{lena}"), &less).await.0, 200);
    assert!(admin.delete(&format!("/devices/{lost}")).await.is_success());
    qres.waiter("boris").await;
    let before = trail(&admin).await;

    qres.terminate();
    qres.ended().await;
    run(&qres, &["restore", &file]);
    let verified = run(&qres, &["audit", "verify"]);
    qres.restart().await;
    let admin = qres.sign_in("admin").await;
    let after = trail(&admin).await;
    let restored = after.iter().position(|entry| entry["action"] == "restored").unwrap();
    assert_eq!(after[..restored], before, "nothing of the trail is lost: {verified}");
    let entry = &after[restored]["after"];
    assert_eq!(entry["file"], file.as_str());
    assert_eq!(entry["shut_out"], json!(["anna", "olga", "lena"]), "{entry}");
    assert_eq!(entry["newer_people"], json!(["boris"]));
    assert_eq!(entry["tablets"], json!(["Lost"]));

    let (_, users) = admin.get("/users?limit=100").await;
    let user = |name: &str| {
        users["users"].as_array().unwrap().iter().find(|user| user["username"] == name).cloned()
    };
    assert_eq!(user("anna").unwrap()["is_active"], false);
    assert!(user("olga").is_none_or(|olga| olga["is_active"] == false));
    assert_eq!(user("lena").unwrap()["role"], "waiter");
    let nobody = Person::new(qres.port, None);
    let sign_in = json!({"username": "anna", "password": "correct horse battery"});
    assert_eq!(nobody.post("/auth/login", &sign_in).await.0, 401);
    qres.sign_in("boris").await;
    let cut_off: Vec<i64> = {
        let db = qres.database();
        let mut off = db.prepare("SELECT id FROM devices WHERE cut_off_at IS NOT NULL").unwrap();
        off.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    };
    assert_eq!(cut_off, [lost], "and {kept} is not");
    assert!(!qres.data.join("restored.json").exists());
}

/// N8: an entry tells which admin restored, also when a running box did it.
#[tokio::test(flavor = "multi_thread")]
async fn the_admin_who_restores_stands_in_the_trail() {
    let mut qres = Qres::start().await;
    let file = "qres-20261124T041500Z.tar.zst";
    run(&qres, &["backup", qres.data.join("backups").join(file).to_str().unwrap()]);
    qres.waiter("later").await;
    let (status, _) = qres.admin.post("/box/restore", &json!({"name": file})).await;
    assert_eq!(status, 202);
    // The box starts anew in its own place: the sign-in of before is not good any more.
    let began = std::time::Instant::now();
    while qres.admin.status("/auth/me").await.is_none_or(|status| status != 401) {
        assert!(began.elapsed() < crate::harness::PATIENCE, "{}", qres.log());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(qres.runs());
    let admin = qres.sign_in("admin").await;
    let trail = trail(&admin).await;
    let entry = trail.iter().find(|entry| entry["action"] == "restored").unwrap();
    assert_eq!((&entry["username"], &entry["after"]["file"]), (&json!("admin"), &json!(file)));
    let came = trail.iter().any(|entry| entry["after"]["username"] == "later");
    assert!(came, "what was written since the backup is there: {trail:?}");
}

/// A restore brought the passwords, PINs and table codes of the backup back, and the phones of visits
/// that had ended since: whoever knew the old ones was let in again.
#[tokio::test(flavor = "multi_thread")]
async fn a_restore_opens_no_door_that_was_closed_since() {
    let mut qres = Qres::start().await;
    for name in ["anna", "olga"] {
        qres.waiter(name).await;
    }
    let admin = qres.admin.clone();
    let (anna, table) = (id_of(&admin, "anna").await, qres.menu.tables[0]);
    let pin = async |pin: &str| {
        let changed = admin.patch(&format!("/users/{anna}"), &json!({"pin_code": pin})).await;
        assert_eq!(changed.0, 200, "{}", changed.1);
    };
    pin("5937").await;
    let code = admin.get(&format!("/tables/{table}")).await.1["qr_code"].clone();
    let nobody = Person::new(qres.port, None);
    let (_, phone) = nobody.post("/guest/session", &json!({"qr_code": code})).await;
    let phone = Person::new(qres.port, phone["token"].as_str());
    assert_eq!(phone.get("/guest/order").await.0, 200);
    let file = qres.data.with_file_name("b.tar.zst").display().to_string();
    run(&qres, &["backup", &file]);

    pin("8264").await;
    let set = json!({"current_password": "correct horse battery",
        "new_password": "another horse altogether"});
    let (status, said) = admin.patch(&format!("/users/{anna}/password"), &set).await;
    assert_eq!(status, 200, "{said}");
    let (status, renewed) = admin.post(&format!("/tables/{table}/qr/renew"), &json!({})).await;
    assert_eq!(status, 200, "{renewed}");
    let secrets = |qres: &Qres| {
        let sql = "SELECT password_hash || pin_hash FROM users WHERE username = 'anna'";
        qres.database().query_row(sql, [], |row| row.get::<_, String>(0)).unwrap()
    };
    let now = secrets(&qres);

    qres.terminate();
    qres.ended().await;
    run(&qres, &["restore", &file]);
    qres.restart().await;
    assert_eq!(secrets(&qres), now);
    let nobody = Person::new(qres.port, None);
    let sign_in = |password: &str| json!({"username": "anna", "password": password});
    assert_eq!(nobody.post("/auth/login", &sign_in("correct horse battery")).await.0, 401);
    assert_eq!(nobody.post("/auth/login", &sign_in("another horse altogether")).await.0, 200);
    qres.sign_in("olga").await;
    let at = async |code: &Value| nobody.post("/guest/session", &json!({"qr_code": code})).await.0;
    assert_eq!(at(&code).await, 404, "the code that leaked is dead");
    assert_eq!(at(&renewed["qr_code"]).await, 201, "the printed one is good");
    let phone = Person::new(qres.port, phone.token.as_deref());
    assert_eq!(phone.get("/guest/order").await.0, 401, "its visit has ended");
    let trail = trail(&qres.sign_in("admin").await).await;
    let entry = trail.iter().find(|entry| entry["action"] == "restored").unwrap();
    assert_eq!(entry["after"]["newer_secrets"], json!(["anna"]));
}
