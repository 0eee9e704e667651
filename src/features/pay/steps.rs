//! One step of an attempt, or of money that goes back: what is about to be sent is on the disk, then the
//! provider is asked, then what it said is written down. No call holds the writer.

use std::time::Duration;

use tokio::time::timeout;

use super::provider::{Provider, RefundHow, RefundSeen, Told, Trouble};
use super::reach::{Reached, reach};
use super::states::{AttemptState, RefundState};
use super::store::{
    self, AttemptRow, LetGo, MarkRefundSent, MarkSent, RefundRow, Settle, SettleRefund, Step,
};
use super::uplink::Uplink;
use crate::core::error::Result;
use crate::platform::app::App;
use crate::platform::auth::Seal;

/// For what secrets are sealed.
pub const PLACE: &str = "pay_providers";
/// So long somebody who takes a link back waits for the provider.
const PATIENCE: Duration = Duration::from_secs(3);

/// A provider, with its key.
///
/// # Errors
/// 404 when there is none; 409 when its key cannot be read any more.
pub async fn reached(app: &App, provider_id: i64) -> Result<Reached> {
    let account = app.store.read(move |db| store::account(db, provider_id)).await?;
    let seal = app.state::<Seal>();
    let key = account.secret.as_deref().map(|secret| seal.open(PLACE, secret)).transpose()?;
    reach(&account, key.unwrap_or_default())
}

/// One step of an attempt.
///
/// # Errors
/// When the box cannot read or write: the step is taken again.
pub async fn go_on(app: &App, row: AttemptRow) -> Result<()> {
    let provider = match reached(app, row.provider_id).await {
        Ok(provider) => provider,
        Err(error) => {
            let step = Step::Waits(error.to_string());
            return app.store.run(Settle { id: row.id, step }).await.map(drop);
        }
    };
    let step = match row.state {
        AttemptState::Created | AttemptState::Sent => {
            let Some(row) = app.store.run(MarkSent { id: row.id }).await? else { return Ok(()) };
            send(app, &provider, &row).await
        }
        AttemptState::Awaiting | AttemptState::Expired => look(app, &provider, &row).await,
        _ => return Ok(()),
    };
    app.store.run(Settle { id: row.id, step }).await.map(drop)
}

async fn send(app: &App, provider: &Reached, row: &AttemptRow) -> Step {
    let told = provider.create(&row.uuid, &row.body).await;
    app.state::<Uplink>().note(row.provider_id, &told);
    match told {
        Ok(seen) => Step::Seen(Box::new(seen), false),
        Err(Trouble::No(why)) => Step::Refused(why),
        // A key that is not taken says nothing of what was sent before.
        Err(Trouble::Key(why)) if row.tries == 1 => Step::Refused(why),
        Err(trouble) => Step::Waits(trouble.words().to_owned()),
    }
}

async fn look(app: &App, provider: &Reached, row: &AttemptRow) -> Step {
    let told = provider.look(&row.known()).await;
    app.state::<Uplink>().note(row.provider_id, &told);
    match told {
        Ok(seen) => Step::Seen(Box::new(seen), true),
        Err(trouble) => Step::Waits(trouble.words().to_owned()),
    }
}

/// The check does not wait for an attempt any more. Where the provider can withdraw it nobody can pay it from
/// here on; where it cannot, or does not answer, money that comes all the same is too late. One that turns
/// out to be paid is paid.
///
/// # Errors
/// 404 when there is none.
pub async fn take_back(app: &App, id: i64, why: &str) -> Result<()> {
    let row = app.store.read(move |db| store::attempt(db, id)).await?;
    if row.state == AttemptState::Awaiting
        && row.is_open
        && let Ok(provider) = reached(app, row.provider_id).await
    {
        let asked = timeout(PATIENCE, async {
            let _: Told<bool> = provider.withdraw(&row.known()).await;
            look(app, &provider, &row).await
        });
        if let Ok(step @ Step::Seen(..)) = asked.await {
            app.store.run(Settle { id, step }).await?;
        }
    }
    app.store.run(LetGo { id, why: why.to_owned() }).await
}

/// One step of money that goes back.
///
/// # Errors
/// When the box cannot read or write: the step is taken again.
pub async fn give_back(app: &App, row: RefundRow) -> Result<()> {
    let id = row.id;
    let provider = match reached(app, row.provider_id).await {
        Ok(provider) => provider,
        Err(error) => {
            return app.store.run(SettleRefund { id, said: Err(error.to_string()) }).await;
        }
    };
    let told = if let (RefundState::Awaiting, Some(reference)) = (row.state, &row.reference) {
        match provider.look_refund(reference).await {
            // That it is not found now says nothing.
            Err(Trouble::No(why)) => Err(Trouble::Silent(why)),
            told => told,
        }
    } else {
        let Some(row) = app.store.run(MarkRefundSent { id }).await? else { return Ok(()) };
        provider.refund(&row.uuid, &row.body).await
    };
    app.state::<Uplink>().note(row.provider_id, &told);
    let said = match told {
        Ok(seen) => Ok(seen),
        Err(Trouble::No(why)) => {
            let how = RefundHow::Refused(why);
            Ok(RefundSeen { reference: row.uuid, how })
        }
        Err(trouble) => Err(trouble.words().to_owned()),
    };
    app.store.run(SettleRefund { id, said }).await
}
