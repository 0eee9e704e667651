//! The ways to pay over the wire, and whether each can be taken now. Who asks hears within three seconds.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use super::provider::{Provider, Trouble};
use super::steps::reached;
use super::store;
use super::types::WayView;
use super::uplink::Uplink;
use crate::core::error::Result;
use crate::platform::app::App;

/// The longest that anybody waits to be told.
const PATIENCE: Duration = Duration::from_millis(2500);

/// The ways to pay over the wire, each with whether it can be taken now.
///
/// # Errors
/// When the database cannot be read.
pub async fn ways(app: &App) -> Result<Vec<WayView>> {
    let mut ways = app.store.read(store::ways).await?;
    let uplink = app.state::<Uplink>();
    let is_old = |way: &WayView| way.kind.is_asked() && uplink.of(way.provider_id).is_none();
    if ways.iter().any(is_old) {
        let _turn = uplink.turn().await;
        let old = ways.iter().filter(|way| is_old(way));
        join_all(old.map(|way| look(app, way.provider_id))).await;
    }
    for way in ways.iter_mut().filter(|way| way.kind.is_asked()) {
        way.problem = uplink.of(way.provider_id).flatten();
        way.is_up = way.problem.is_none();
    }
    Ok(ways)
}

async fn look(app: &App, provider_id: i64) {
    let told = match reached(app, provider_id).await {
        Ok(provider) => timeout(PATIENCE, provider.probe())
            .await
            .unwrap_or_else(|_| Err(Trouble::Silent("no answer in time".into()))),
        Err(error) => Err(Trouble::Key(error.to_string())),
    };
    app.state::<Uplink>().note(provider_id, &told);
}
