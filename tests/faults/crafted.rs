//! Backups that somebody made to hurt a box, and what a killed run leaves.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::disk::SmallDisk;
use crate::harness::{Qres, eventually, qres_command};

type Packed = zstd::Encoder<'static, std::fs::File>;

/// A file in the backups' folder, whose members `fill` writes.
fn on_shelf(qres: &Qres, fill: impl FnOnce(&mut Packed)) -> String {
    let name = "uploaded-20261124T041500Z.tar.zst";
    let on_disk = std::fs::File::create(qres.data.join("backups").join(name)).unwrap();
    let mut packed = zstd::Encoder::new(on_disk, 1).unwrap();
    fill(&mut packed);
    packed.finish().unwrap();
    name.to_owned()
}

fn header(kind: tar::EntryType, name: &str, bytes: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_path(name).unwrap();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_cksum();
    header
}

/// The most memory that the box ever held, in MiB.
fn peak(qres: &Qres) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", qres.pid())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

async fn look_and_restore(qres: &Qres, name: &str) -> [Value; 2] {
    let (_, looked) = qres.admin.post(&format!("/box/backups/{name}/contents"), &json!({})).await;
    let (_, restored) = qres.admin.post("/box/restore", &json!({"name": name})).await;
    [looked, restored]
}

/// N5: a tar says of a name that it is a gigabyte long, packed to some kilobytes, and it was read into
/// memory. So it was with the header of an envelope, and with a window to unpack with.
#[tokio::test(flavor = "multi_thread")]
async fn a_crafted_backup_takes_no_memory() {
    let qres = Qres::start().await;
    let before = peak(&qres);
    let zeros = vec![0; 1 << 20];
    let refused = |replies: [Value; 2]| {
        for reply in replies {
            assert_eq!(reply["code"], "backup_damaged", "{reply}");
        }
    };
    for kind in [tar::EntryType::GNULongName, tar::EntryType::XHeader, tar::EntryType::Regular] {
        let name = on_shelf(&qres, |packed| {
            packed.write_all(header(kind, "././@LongLink", 1 << 30).as_bytes()).unwrap();
            (0..1024).for_each(|_| packed.write_all(&zeros).unwrap());
        });
        refused(look_and_restore(&qres, &name).await);
    }
    let name = on_shelf(&qres, |packed| {
        packed.long_distance_matching(true).unwrap();
        packed.window_log(27).unwrap();
        (0..256).for_each(|_| packed.write_all(&zeros).unwrap());
    });
    refused(look_and_restore(&qres, &name).await);
    // An envelope whose header has no end.
    let sealed = "uploaded-20261124T041501Z.tar.zst.age";
    let mut file = std::fs::File::create(qres.data.join("backups").join(sealed)).unwrap();
    file.write_all(b"age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 15\n").unwrap();
    let line = format!("{}\n", "A".repeat(64));
    let lines = line.repeat(16 * 1024);
    (0..200).for_each(|_| file.write_all(lines.as_bytes()).unwrap());
    let body = json!({"passphrase": "whatever it may be"});
    let (_, reply) = qres.admin.post(&format!("/box/backups/{sealed}/contents"), &body).await;
    assert_eq!(reply["code"], "backup_damaged", "{reply}");
    let more = peak(&qres) - before;
    assert!(more < 64, "{more} MiB more");
}

fn manifest(bytes: u64, uploads: u64) -> Value {
    json!({
        "format": 1, "version": "0.1.0", "schema": 1, "site": "", "restaurant": "",
        "created_at": "2026-11-24T04:15:00Z", "last_event": 0, "bytes": bytes,
        "uploads": uploads, "has_keys": false, "tables": {},
    })
}

/// N6: a manifest that says 2^64-1 bytes wrapped the sum, nothing was checked any more, and the disk
/// was filled to its end.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_backup_says_of_its_size_fills_no_disk() {
    let disk = SmallDisk::mount(200);
    let qres = Qres::start_on(&disk.path().join("data")).await;
    let zeros = vec![0; 1 << 20];
    for says in [u64::MAX, 1000] {
        let name = on_shelf(&qres, |packed| {
            let text = manifest(says, says).to_string();
            let head = header(tar::EntryType::Regular, "manifest.json", text.len() as u64);
            packed.write_all(head.as_bytes()).unwrap();
            packed.write_all(text.as_bytes()).unwrap();
            packed.write_all(&zeros[..512 - text.len() % 512]).unwrap();
            let head = header(tar::EntryType::Regular, "qres.db", 1 << 30);
            packed.write_all(head.as_bytes()).unwrap();
            (0..1024).for_each(|_| packed.write_all(&zeros).unwrap());
        });
        let (_, reply) = qres.admin.post("/box/restore", &json!({"name": name})).await;
        assert_eq!(reply["kind"], "restore", "{reply}");
        let mut job = Value::Null;
        while job["state"] != "failed" {
            assert_ne!(job["state"], "done");
            job = qres.admin.get("/box/job").await.1["job"].clone();
            assert!(disk.free() > 40 << 20, "the disk is filled: {job}");
        }
        let code = if says == u64::MAX { "no_space" } else { "backup_damaged" };
        assert_eq!(job["code"], code, "{job}");
    }
}

/// B5: only the database's size was looked at, and a backup filled the disk with the photos.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_does_not_fit_is_not_begun() {
    let disk = SmallDisk::mount(160);
    let qres = Qres::start_on(&disk.path().join("data")).await;
    // Photos do not shrink when they are packed.
    let noise = |n: u32| n.wrapping_mul(2_654_435_761).to_le_bytes()[3];
    let photos: Vec<u8> = (0..60 << 20).map(noise).collect();
    std::fs::write(qres.data.join("uploads/many.jpg"), photos).unwrap();
    let made = qres_command(&qres.data, "backup").arg("--keep").stderr(Stdio::piped()).output();
    let made = made.unwrap();
    let said = String::from_utf8_lossy(&made.stderr);
    assert_eq!(made.status.code(), Some(1), "{said}");
    assert!(said.contains("have to be free for this"), "{said}");
    assert!(disk.free() > 64 << 20);
}

/// B5: what a killed run left stayed for ever, and nobody saw it.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_run_left_is_seen_and_removed_at_the_next_start() {
    let mut qres = Qres::start().await;
    let part = qres.data.join("backups/qres-20261124T041500Z.tar.zst.part");
    std::fs::write(&part, vec![1; 3 << 20]).unwrap();
    // One that is still written.
    let held = std::fs::File::create(qres.data.join("backups/uploaded-x.part")).unwrap();
    held.lock().unwrap();
    let seen = qres_command(&qres.data, "doctor").stdout(Stdio::piped()).output().unwrap();
    let seen = String::from_utf8_lossy(&seen.stdout).into_owned();
    assert!(seen.contains("1 unfinished") && seen.contains("3 MiB"), "{seen}");
    qres.terminate();
    qres.ended().await;
    qres.restart().await;
    eventually("it is removed", || (!part.exists()).then_some(())).await;
    assert!(qres.data.join("backups/uploaded-x.part").exists(), "somebody writes it");
    assert!(qres.log().contains("never finished"), "{}", qres.log());
}
