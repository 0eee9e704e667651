//! Accounts: where somebody is signed in, the second factor, the key that signs, and what makes a
//! password a bad one.

use std::io::Write;
use std::process::{Command, Stdio};

use qres::core::clock;
use qres::core::kernel::Timestamp;
use qres::platform::auth::code_now;
use serde_json::{Value, json};

use crate::harness::{Client, PASSWORD, PIN, Screen, TestApp, id};

async fn sessions(who: &Client, user: i64) -> Vec<Value> {
    let list = who.get(&format!("/users/{user}/sessions")).await.ok();
    list["sessions"].as_array().unwrap().clone()
}

async fn own_id(who: &Client) -> i64 {
    id(&who.get("/auth/me").await.ok())
}

#[tokio::test]
async fn sign_ins_are_seen_and_ended_one_by_one_or_all_at_once() {
    let app = TestApp::start().await;
    let (admin, tablet, phone) = (app.admin().await, app.waiter().await, app.waiter().await);
    let waiter = own_id(&tablet).await;
    let seen = sessions(&tablet, waiter).await;
    assert_eq!(seen.len(), 2);
    assert_eq!(seen.iter().filter(|one| one["is_current"] == true).count(), 1);
    assert_eq!(seen[0]["address"], "127.0.0.1");
    let other = seen.iter().find(|one| one["is_current"] == false).unwrap();
    let path = format!("/users/{waiter}/sessions/{}", other["id"].as_str().unwrap());
    tablet.delete(&path).await.ok();
    phone.get("/auth/me").await.refused(401, "token_expired");
    tablet.get("/auth/me").await.ok();
    tablet.delete(&path).await.refused(404, "not_found");

    let phone = app.waiter().await;
    let (mut screen, _) = Screen::greeted(&app, &phone, None).await;
    let ended = tablet.delete(&format!("/users/{waiter}/sessions")).await.ok();
    assert_eq!(ended["data"]["ended"], 1);
    assert_eq!(screen.closed().await, 4401);
    tablet.get("/auth/me").await.ok();

    // An admin sees and ends anybody's, and everybody's but his own.
    assert_eq!(sessions(&admin, waiter).await.len(), 1);
    admin.delete(&format!("/users/{waiter}/sessions")).await.ok();
    tablet.get("/auth/me").await.refused(401, "token_expired");
    let (manager, second) = (app.manager().await, app.admin().await);
    admin.delete("/auth/sessions").await.ok();
    for out in [manager, second] {
        out.get("/auth/me").await.refused(401, "token_expired");
    }
    admin.get("/auth/me").await.ok();
}

#[tokio::test]
async fn nobody_sees_or_ends_the_sign_ins_of_others() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let other = own_id(&admin).await;
    let theirs = sessions(&admin, other).await[0]["id"].as_str().unwrap().to_owned();
    let all = format!("/users/{other}/sessions");
    waiter.get(&all).await.refused(403, "not_yours");
    waiter.delete(&all).await.refused(403, "not_yours");
    waiter.delete(&format!("{all}/{theirs}")).await.refused(403, "not_yours");
    waiter.delete("/auth/sessions").await.refused(403, "wrong_role");
    // Under his own number he cannot name a session of somebody else.
    let own = own_id(&waiter).await;
    waiter.delete(&format!("/users/{own}/sessions/{theirs}")).await.refused(404, "not_found");
    admin.get("/auth/me").await.ok();
    admin.get("/users/9999/sessions").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_new_key_signs_nobody_out() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    waiter.post("/auth/keys", &json!(null)).await.refused(403, "wrong_role");
    admin.post("/auth/keys", &json!(null)).await.ok();
    waiter.get("/auth/me").await.ok();
    let newer = app.waiter().await;
    assert_ne!(head_of(&waiter), head_of(&newer), "signed by another key");
    // Two changes later the first key is no longer one of the two.
    admin.post("/auth/keys", &json!(null)).await.ok();
    newer.get("/auth/me").await.ok();
    waiter.get("/auth/me").await.refused(401, "bad_token");
    let folder = app.folder.path().join("data/secrets");
    for name in ["token.key", "token.previous"] {
        let mode = std::fs::metadata(folder.join(name)).unwrap().permissions();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o077, 0, "{name}");
    }
    let audit = app.admin().await.get("/audit?subject=box").await.ok();
    assert_eq!(audit["entries"][0]["action"], "signing_key_changed");

    let fixed = TestApp::start_with(|settings| {
        settings.secret_key = Some("a key that the owner keeps in his settings".into());
    });
    let fixed = fixed.await;
    fixed.admin().await.post("/auth/keys", &json!(null)).await.refused(400, "fixed_by_settings");
}

fn head_of(who: &Client) -> String {
    who.token.as_ref().unwrap().split('.').next().unwrap().to_owned()
}

#[tokio::test]
async fn common_and_short_passwords_are_refused() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let person = |password: &str| json!({"username": "annapetrova", "full_name": "Anna", "role": "waiter", "password": password});
    for common in ["password1", "Qwertyuiop", "annapetrova", "пароль123"] {
        admin.post("/users", &person(common)).await.refused(400, "password_common");
    }
    let anna = id(&admin.post("/users", &person("four words of mine")).await.created());
    let path = format!("/users/{anna}/password");
    let change = |new: &str| json!({"current_password": PASSWORD, "new_password": new});
    admin.patch(&path, &change("12345678")).await.refused(400, "password_common");
    admin.patch(&path, &change("seven77")).await.refused(400, "password_short");
    admin.patch(&path, &change("nopqrstuvx")).await.ok();
}

/// Adds a second factor; its secret and the recovery codes.
async fn with_factor(admin: &Client) -> (Vec<u8>, Vec<String>) {
    let begun = admin.post("/auth/second-factor", &json!({"password": PASSWORD})).await.created();
    let secret = bytes_of(begun["secret"].as_str().unwrap());
    let url = begun["url"].as_str().unwrap();
    assert!(url.starts_with("otpauth://totp/Test:admin?secret="), "{url}");
    assert!(begun["qr_svg"].as_str().unwrap().starts_with("<svg"));
    let wrong = json!({"code": "000000"});
    admin.post("/auth/second-factor/confirm", &wrong).await.refused(400, "wrong_code");
    // The step before this one, so that the next code is still unused.
    let before = Timestamp(clock::now().0 - 30_000);
    let first = json!({"code": code_now(&secret, before)});
    let confirmed = admin.post("/auth/second-factor/confirm", &first).await.ok();
    let codes = confirmed["recovery_codes"].as_array().unwrap();
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

fn bytes_of(base32: &str) -> Vec<u8> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in base32.bytes() {
        let value = if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' };
        held = (held << 5) | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).unwrap());
        }
    }
    bytes
}

async fn sign_in(app: &TestApp, code: Option<&str>) -> crate::harness::Reply {
    let body = json!({"username": "admin", "password": PASSWORD, "code": code});
    app.anonymous().post("/auth/login", &body).await
}

#[tokio::test]
async fn with_a_second_factor_a_password_alone_opens_nothing() {
    let app = TestApp::start().await;
    let admin = app.admin().await;
    let off = json!({"is_on": false, "recovery_codes": 0});
    assert_eq!(admin.get("/auth/second-factor").await.ok(), off);
    let (secret, recovery) = with_factor(&admin).await;
    assert_eq!(recovery.len(), 10);
    let on = json!({"is_on": true, "recovery_codes": 10});
    assert_eq!(admin.get("/auth/second-factor").await.ok(), on);

    sign_in(&app, None).await.refused(401, "second_factor_needed");
    let by_pin = json!({"username": "admin", "pin_code": PIN});
    app.anonymous().post("/auth/login/pin", &by_pin).await.refused(401, "second_factor_needed");
    sign_in(&app, Some("123456")).await.refused(401, "wrong_code");
    // A wrong password is not told from a right one by it.
    let guess = json!({"username": "admin", "password": "wrong", "code": "123456"});
    app.anonymous().post("/auth/login", &guess).await.refused(401, "wrong_credentials");

    let code = code_now(&secret, clock::now());
    sign_in(&app, Some(&code)).await.ok();
    sign_in(&app, Some(&code)).await.refused(401, "wrong_code");

    let typed = recovery[3].to_lowercase().replace('-', " ");
    sign_in(&app, Some(&typed)).await.ok();
    sign_in(&app, Some(&typed)).await.refused(401, "wrong_code");
    assert_eq!(admin.get("/auth/second-factor").await.ok()["recovery_codes"], 9);
    let kept: String = {
        let sql = "SELECT group_concat(hex(code_hash)) FROM recovery_codes";
        app.database().query_row(sql, [], |row| row.get(0)).unwrap()
    };
    assert!(recovery.iter().all(|code| !kept.contains(code)), "codes are kept as hashes");
}

#[tokio::test]
async fn a_second_factor_needs_the_password_and_an_admin() {
    let app = TestApp::start().await;
    let (admin, waiter) = (app.admin().await, app.waiter().await);
    let (wrong, own) = (json!({"password": "wrong"}), json!({"password": PASSWORD}));
    waiter.post("/auth/second-factor", &own).await.refused(403, "wrong_role");
    admin.post("/auth/second-factor", &wrong).await.refused(400, "wrong_password");
    let code = json!({"code": "123456"});
    admin.post("/auth/second-factor/confirm", &code).await.refused(400, "no_second_factor");
    // Begun and never confirmed: it does not count.
    admin.post("/auth/second-factor", &own).await.created();
    sign_in(&app, None).await.ok();
    with_factor(&admin).await;
    admin.post("/auth/second-factor", &own).await.refused(409, "second_factor_on");
    admin.post("/auth/second-factor/remove", &wrong).await.refused(400, "wrong_password");
    admin.post("/auth/second-factor/remove", &own).await.ok();
    admin.post("/auth/second-factor/remove", &own).await.refused(400, "no_second_factor");
    sign_in(&app, None).await.ok();
    let list = admin.get("/audit?subject=user").await.ok();
    let actions: Vec<_> = list["entries"]
        .as_array()
        .unwrap()
        .iter()
        .take(2)
        .map(|one| one["action"].clone())
        .collect();
    assert_eq!(actions, ["second_factor_removed", "second_factor_added"]);
}

#[tokio::test]
async fn codes_cannot_be_guessed_one_after_the_other() {
    let app = TestApp::start_with(|settings| settings.rate_limit_requests = 100).await;
    with_factor(&app.admin().await).await;
    let mut last = 0;
    for guess in 0..8 {
        last = sign_in(&app, Some(&format!("00000{guess}"))).await.status.as_u16();
    }
    assert_eq!(last, 429);
}

/// N2: three hundred first codes at once were all looked at, and one of them was right.
#[tokio::test]
async fn the_first_code_cannot_be_guessed() {
    let app = TestApp::start_with(|settings| settings.rate_limit_requests = 100).await;
    let admin = app.admin().await;
    let begun = admin.post("/auth/second-factor", &json!({"password": PASSWORD})).await.created();
    let confirm = async |code: &str| {
        admin.post("/auth/second-factor/confirm", &json!({"code": code})).await.status.as_u16()
    };
    let mut tried = Vec::new();
    for guess in 0..8 {
        tried.push(confirm(&format!("00000{guess}")).await);
    }
    assert_eq!(tried, [400, 400, 400, 400, 400, 429, 429, 429]);
    // Nor may the right one pass now.
    let right = code_now(&bytes_of(begun["secret"].as_str().unwrap()), clock::now());
    assert_eq!(confirm(&right).await, 429);
}

#[test]
fn a_shell_on_the_box_takes_the_second_factor_away_and_changes_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").to_str().unwrap().to_owned();
    let program = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qres"));
        command.args(arguments).args(["--data-dir", &data]).env("QRES_TLS_LISTEN", "off");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(b"four words of mine");
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(program(&["admin", "create", "--username", "anna", "--password-stdin"]).0, Some(0));
    let remove = ["admin", "remove-second-factor", "--username", "anna"];
    let (code, why) = program(&remove);
    assert_eq!((code, why.contains("no second factor")), (Some(1), true), "{why}");
    let db = rusqlite::Connection::open(format!("{data}/qres.db")).unwrap();
    let on = "INSERT INTO second_factors (user_id, secret, created_at, confirmed_at)
              VALUES (1, x'00', 0, 0)";
    db.execute(on, []).unwrap();
    assert_eq!(program(&remove).0, Some(0));
    let left = "SELECT count(*) FROM second_factors";
    assert_eq!(db.query_row(left, [], |row| row.get::<_, i64>(0)).unwrap(), 0);

    let key = || std::fs::read_to_string(format!("{data}/secrets/token.key")).unwrap();
    let old = key();
    assert_eq!(program(&["secret", "rotate"]).0, Some(0));
    assert_ne!(key(), old);
    let previous = std::fs::read_to_string(format!("{data}/secrets/token.previous")).unwrap();
    assert!(previous.starts_with(&old));
}
