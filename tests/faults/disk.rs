//! A disk that is full, and a data folder that cannot be used.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::harness::{Qres, marked, new_key, qres_command};

/// A small disk of its own; gone when dropped.
pub struct SmallDisk {
    place: TempDir,
}

impl SmallDisk {
    pub fn mount(megabytes: u32) -> Self {
        let place = tempfile::tempdir().unwrap();
        let output = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "qres-test"])
            .arg(place.path())
            .output()
            .expect("the mount program");
        assert!(
            output.status.success(),
            "this test mounts a small tmpfs to fill it, which needs root: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self { place }
    }

    pub fn path(&self) -> &Path {
        self.place.path()
    }

    /// How many bytes are free.
    pub fn free(&self) -> u64 {
        let disk = rustix::fs::statvfs(self.path()).unwrap();
        disk.f_bavail * disk.f_frsize
    }

    /// Takes all space that is left; it is free again when the returned file is removed.
    pub fn fill(&self) -> PathBuf {
        let ballast = self.path().join("ballast");
        let _ = Command::new("dd")
            .args(["if=/dev/zero", "bs=4k", "status=none"])
            .arg(format!("of={}", ballast.display()))
            .output()
            .unwrap();
        ballast
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_writes_and_recovers_without_a_restart() {
    let disk = SmallDisk::mount(24);
    let mut qres = Qres::start_on(&disk.path().join("data")).await;
    let mut acknowledged = Vec::new();
    for round in 0..3 {
        let ballast = disk.fill();
        let refused = order_until_refused(&qres, &mut acknowledged).await;

        // Reads go on, also those of what was just written, and writes go on to be refused.
        assert_eq!(qres.admin.get("/orders/?limit=5").await.0, 200);
        assert_eq!(qres.admin.get("/dishes/menu").await.0, 200);
        let again = qres.admin.place(&refused, &qres.order(&refused, 3)).await.unwrap();
        assert_eq!(again.status, 507, "{}", again.body);
        assert_eq!(again.body["code"], "storage_full");

        fs::remove_file(ballast).unwrap();
        let after = qres.admin.place(&refused, &qres.order(&refused, 3)).await.unwrap();
        assert_eq!(after.status, 201, "round {round}: {}", after.body);
        assert!(!after.replayed, "the refused order had been kept");
        acknowledged.push(refused);
        assert!(qres.runs(), "it was the same process all along");
    }
    let db = qres.database();
    for mark in &acknowledged {
        assert_eq!(marked(&db, mark), (1, 3), "{mark}");
    }
    qres.assert_sound();
    drop(db);
    drop(qres);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_for_which_there_is_no_room_leaves_nothing_behind() {
    let disk = SmallDisk::mount(24);
    let qres = Qres::start_on(&disk.path().join("data")).await;
    let ballast = disk.fill();
    let photo = image::RgbImage::from_fn(1200, 900, |x, y| {
        image::Rgb([x.to_le_bytes()[0], y.to_le_bytes()[0], 99])
    });
    let mut png = std::io::Cursor::new(Vec::new());
    photo.write_to(&mut png, image::ImageFormat::Png).unwrap();
    let uploads = disk.path().join("data/uploads");
    let (status, problem) = qres.admin.upload("/uploads", png.get_ref()).await;
    assert_eq!((status.as_u16(), &problem["code"]), (507, &"storage_full".into()), "{problem}");
    assert_eq!(fs::read_dir(&uploads).unwrap().count(), 0);
    fs::remove_file(ballast).unwrap();
    let (status, photo) = qres.admin.upload("/uploads", png.get_ref()).await;
    assert_eq!(status, 201, "{photo}");
    assert_eq!(fs::read_dir(&uploads).unwrap().count(), 4);
}

/// Orders until the disk is full; returns the key of the order that was refused.
async fn order_until_refused(qres: &Qres, acknowledged: &mut Vec<String>) -> String {
    // The log reuses its own pages for a while, so the first refusal may take some orders.
    for _ in 0..5000 {
        let key = new_key();
        let placed = qres.admin.place(&key, &qres.order(&key, 3)).await.unwrap();
        if placed.status == 507 {
            assert_eq!(marked(&qres.database(), &key), (0, 0));
            return key;
        }
        assert_eq!(placed.status, 201, "{}", placed.body);
        acknowledged.push(key);
    }
    panic!("a full disk took 5000 orders");
}

/// Runs `qres serve`, which must refuse to start; returns what it says.
fn refuses_to_start(data: &Path) -> String {
    let output = qres_command(data, "serve").args(["--listen", "127.0.0.1:0"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{said}");
    said
}

#[test]
fn a_file_of_rubbish_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let rubbish: Vec<u8> = (0..=u8::MAX).rev().cycle().take(100_000).collect();
    fs::write(data.join("qres.db"), &rubbish).unwrap();
    let said = refuses_to_start(&data);
    assert!(said.contains("qres.db is not a database"), "{said}");
    assert_eq!(fs::read(data.join("qres.db")).unwrap(), rubbish, "the file was touched");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_page_of_the_schema_is_not_started_on() {
    let mut qres = Qres::start().await;
    qres.terminate();
    assert!(qres.ended().await.success());
    let path = qres.data.join("qres.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[100..4096].fill(0xAB);
    fs::write(&path, &bytes).unwrap();
    let said = refuses_to_start(&qres.data);
    assert!(said.contains("It was left as it is"), "{said}");
    assert_eq!(fs::read(&path).unwrap(), bytes, "the file was touched");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_in_use_and_one_of_a_newer_version_are_refused() {
    let mut qres = Qres::start().await;
    let said = refuses_to_start(&qres.data);
    assert!(said.contains("Another qres is running"), "{said}");

    qres.terminate();
    assert!(qres.ended().await.success());
    let db = Connection::open(qres.data.join("qres.db")).unwrap();
    db.execute(
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum)
         VALUES (9999, 'from_the_future', '2030-01-01T00:00:00Z', '1')",
        [],
    )
    .unwrap();
    drop(db);
    let said = refuses_to_start(&qres.data);
    assert!(said.contains("newer qres"), "{said}");
}
