//! What the admin's page says of the copy.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Client, House};

/// Waits until the status is as wanted.
pub async fn until(house: &House, wanted: impl Fn(&Value) -> bool) -> Value {
    until_at(&house.admin, "/cloud", wanted).await
}

/// What a path of the box says once it is as wanted.
pub async fn until_at(admin: &Client, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let status = admin.get(path).await.ok();
        if wanted(&status) {
            return status;
        }
        assert!(began.elapsed() < Duration::from_mins(1), "{path} stays {status}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
