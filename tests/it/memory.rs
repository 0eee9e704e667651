//! What the box keeps in memory follows the commits: whoever sent the command may be gone before it
//! is answered.

use std::net::IpAddr;

use qres::core::clock;
use qres::core::error::Result;
use qres::core::store::{Command, Tx};

use crate::harness::House;

/// A command of a handler that does nothing more.
struct Sql(&'static str);

impl Command for Sql {
    type Output = ();

    fn apply(self, tx: &mut Tx<'_>) -> Result<()> {
        Ok(tx.execute_batch(self.0)?)
    }
}

// B3: of 120 clients that hung up, 66 left the old time zone in the API until a restart.
#[tokio::test]
async fn what_is_kept_in_memory_follows_the_commits() {
    let house = House::open().await;
    let app = &house.app.app;
    let run = async |sql| app.store.run(Sql(sql)).await.unwrap();

    run("UPDATE site SET timezone = 'Asia/Tokyo'").await;
    assert_eq!(app.site().timezone, "Asia/Tokyo");
    assert_eq!(house.admin.get("/restaurant").await.ok()["timezone"], "Asia/Tokyo");

    let stranger: IpAddr = "203.0.113.7".parse().unwrap();
    let is_kept_out = || app.limits.blocks.find(stranger, clock::now()).is_some();
    run("INSERT INTO blocks (net, reason, created_at, expires_at)
         VALUES ('203.0.113.7', 'by_hand', 0, 9000000000000)")
    .await;
    assert!(is_kept_out());
    run("DELETE FROM blocks WHERE net = '203.0.113.7'").await;
    assert!(!is_kept_out());

    run("INSERT INTO trusted_nets (net, created_at, created_by_id)
         SELECT '203.0.113.0/24', 0, min(id) FROM users")
    .await;
    assert!(app.limits.blocks.trusts(stranger));
    run("DELETE FROM trusted_nets WHERE id IS NOT NULL").await;
    assert!(!app.limits.blocks.trusts(stranger));

    house.waiter.get("/auth/me").await.ok();
    run("DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE role = 'waiter')").await;
    house.waiter.get("/auth/me").await.refused(401, "token_expired");
}
