//! A guest who was forgotten does not come back with a backup.

use std::fs;
use std::process::Stdio;

use serde_json::json;

use crate::harness::{Qres, qres_command};

fn run(qres: &Qres, arguments: &[&str]) {
    let mut command = qres_command(&qres.data, arguments[0]);
    command.args(&arguments[1..]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
}

/// Whether a text stands in the database's own files.
fn is_there(qres: &Qres, text: &str) -> bool {
    ["qres.db", "qres.db-wal"].iter().any(|file| {
        let bytes = fs::read(qres.data.join(file)).unwrap_or_default();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_erased_is_erased_again_when_a_backup_is_restored() {
    let mut qres = Qres::start().await;
    let admin = qres.admin.clone();
    let guest = json!({"name": "Aglaya Forgetmenot", "phone": "+7 912 345-67-89"});
    let gone = admin.create("/customers", &guest).await;
    let kept = admin.create("/customers", &json!({"name": "Peter Stays"})).await;
    let order = qres.order("a mark", 1);
    let (status, order) = admin.post("/orders", &order).await;
    assert_eq!(status, 201, "{order}");
    let path = format!("/orders/{}/status", order["id"]);
    let body = json!({"status": "CANCELLED", "reason": "a test"});
    assert_eq!(admin.patch(&path, &body).await.0, 200);
    let db = rusqlite::Connection::open(qres.data.join("qres.db")).unwrap();
    db.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    let named = "UPDATE orders SET customer_name = 'Aglaya F.', customer_phone = '89123456789'";
    db.execute(named, []).unwrap();
    drop(db);
    let file = qres.data.with_file_name("b.tar.zst").display().to_string();
    run(&qres, &["backup", &file]);
    // She is forgotten after the backup, and somebody who came after it too.
    let late = admin.create("/customers", &json!({"name": "Late Latecomer"})).await;
    for one in [gone, late] {
        assert!(admin.delete(&format!("/customers/{one}")).await.is_success());
    }
    assert!(!is_there(&qres, "Forgetmenot"));

    qres.terminate();
    qres.ended().await;
    run(&qres, &["restore", &file]);
    qres.restart().await;
    let admin = qres.sign_in("admin").await;
    assert_eq!(admin.status(&format!("/customers/{gone}")).await.unwrap(), 404);
    let (_, act) = admin.get(&format!("/customers/{gone}/erasure")).await;
    assert_eq!(act["orders"], 1, "{act}");
    assert!(act["finished_at"].is_string(), "{act}");
    for text in ["Forgetmenot", "forgetmenot", "345-67-89", "987654321", "Aglaya F.", "89123456789"]
    {
        assert!(!is_there(&qres, text), "{text}");
    }
    assert_eq!(admin.status(&format!("/customers/{kept}")).await.unwrap(), 200);
    // The number of who came later is nobody else's.
    assert_eq!(admin.status(&format!("/customers/{late}")).await.unwrap(), 404);
    let next = admin.create("/customers", &json!({"name": "Next"})).await;
    assert!(next > late);
    let (_, trail) = admin.get("/audit?limit=20").await;
    let entries = trail["entries"].as_array().unwrap();
    let entry = entries.iter().find(|entry| entry["action"] == "restored").unwrap();
    assert_eq!(entry["after"]["erased"], 2, "{entry}");
}
