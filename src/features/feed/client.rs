//! What a screen may say: `ping`, `get_stats`, `broadcast`. Anything else is answered with an
//! error, and the connection stays.

use serde::Deserialize;
use serde_json::{Value, json};

use super::events::Broadcast;
use super::store::SendBroadcast;
use super::viewer::Viewer;
use crate::core::clock;
use crate::core::kernel::Text;
use crate::platform::app::App;

#[derive(Deserialize)]
struct ClientMessage {
    #[serde(rename = "type")]
    kind: String,
    message: Option<Text<1, 500>>,
    data: Option<BroadcastData>,
}

#[derive(Deserialize)]
struct BroadcastData {
    message: Option<Text<1, 500>>,
}

/// The answer to a message of a screen.
pub async fn answer(app: &App, viewer: &Viewer, text: &str) -> Value {
    let Ok(message) = serde_json::from_str::<ClientMessage>(text) else {
        return error("bad_message", "Send a JSON object with a “type”.");
    };
    match (message.kind.as_str(), viewer) {
        ("ping", _) => json!({"type": "pong", "timestamp": clock::now()}),
        ("get_stats", Viewer::Staff { .. }) => {
            let data = json!({
                "connected": app.hub.seats.by_role(),
                "total": app.hub.seats.count(),
            });
            json!({"type": "stats", "data": data, "timestamp": clock::now()})
        }
        ("broadcast", Viewer::Staff { person, .. }) if person.is_admin() => {
            let words = message.message.or(message.data.and_then(|data| data.message));
            let Some(words) = words else {
                return error("bad_message", "“message” must have 1 to 500 characters.");
            };
            let broadcast = Broadcast { message: words.into_inner(), from: person.id };
            match app.store.run(SendBroadcast(broadcast)).await {
                Ok(seq) => json!({"type": "broadcast_sent", "seq": seq, "timestamp": clock::now()}),
                Err(refusal) => error(refusal.problem().code, &refusal.to_string()),
            }
        }
        ("get_stats" | "broadcast", _) => error("wrong_role", "You may not send this."),
        _ => error("unknown_type", "Known are ping, get_stats and (for admins) broadcast."),
    }
}

fn error(code: &str, detail: &str) -> Value {
    json!({"type": "error", "code": code, "detail": detail, "timestamp": clock::now()})
}
