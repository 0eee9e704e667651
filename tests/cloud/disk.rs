//! The disk of the cloud's server is full.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::copy::{database, enrolled};
use crate::harness::House;
use crate::postgres::{Postgres, give_to_postgres};
use crate::same::until_same;
use crate::status;

/// A disk of a few megabytes, as long as it is held.
struct TinyDisk<'a>(&'a Path);

impl<'a> TinyDisk<'a> {
    fn mount(folder: &'a Path, megabytes: u32) -> Self {
        let is_mounted = mount(folder, &format!("size={megabytes}m"));
        assert!(is_mounted, "this test mounts a small tmpfs to fill it, which needs root");
        give_to_postgres(folder);
        Self(folder)
    }

    fn grow(&self, megabytes: u32) {
        assert!(mount(self.0, &format!("remount,size={megabytes}m")));
    }
}

fn mount(folder: &Path, options: &str) -> bool {
    let mut command = Command::new("mount");
    command.args(["-t", "tmpfs", "-o", options, "none"]).arg(folder);
    command.output().is_ok_and(|output| output.status.success())
}

impl Drop for TinyDisk<'_> {
    fn drop(&mut self) {
        // The server may still hold it: it is let go when nobody does.
        let _ = Command::new("umount").arg("-l").arg(self.0).output();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_of_the_cloud_is_told_of_and_orders_go_on() {
    let postgres = Postgres::start().await;
    let folder = postgres.folder_beside("tiny");
    let disk = TinyDisk::mount(&folder, 24);
    let owner = postgres.owner().await;
    let place = format!("CREATE TABLESPACE tiny LOCATION '{}'", folder.display());
    owner.client().execute(&place, &[]).await.unwrap();
    let there = "ALTER DATABASE qres SET default_tablespace = 'tiny'";
    owner.client().execute(there, &[]).await.unwrap();
    let site = postgres.site("Full").await;
    let house = House::open_with(enrolled(&site)).await;
    until_same(&database(&house), &postgres, site.site_id).await;
    let owner = postgres.owner().await;
    let fill = "CREATE TABLE filler (text text); ALTER TABLE filler ALTER text SET STORAGE PLAIN";
    owner.client().batch_execute(fill).await.unwrap();
    let more = "INSERT INTO filler SELECT repeat('x', 7000) FROM generate_series(1, $1::int)";
    for rows in [1000, 100, 10, 1] {
        while owner.client().execute(more, &[&rows]).await.is_ok() {}
    }
    // The last pages of the tables still have room for a few.
    let began = Instant::now();
    let told = loop {
        let asked = Instant::now();
        house.place().await;
        assert!(asked.elapsed() < Duration::from_secs(5), "an order waited for the cloud");
        let status = house.admin.get("/cloud").await.ok();
        if status["trouble"] == "cloud_full" {
            break status;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "the disk is not full: {status}");
    };
    assert!(told["trouble_text"].as_str().unwrap().contains("disk is full"), "{told}");
    assert!(told["waiting_rows"].as_i64().unwrap() > 0, "{told}");
    disk.grow(200);
    until_same(&database(&house), &postgres, site.site_id).await;
    status::until(&house, |status| status["trouble"] == Value::Null).await;
}
