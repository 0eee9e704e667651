//! A request that changes something is finished, also when its client hangs up.

use std::panic::resume_unwind;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::core::error::Error;

/// Handles such a request in a task of its own: the server drops what it does for a client that is
/// gone, and what follows a commit (who is told, what is noted) would be left undone.
pub async fn finish(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(error) => Error::internal(error).into_response(),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::Body;
    use axum::routing::post;
    use axum::{Router, middleware};
    use tokio::sync::Notify;
    use tower::ServiceExt;

    use super::*;

    // B3: what a handler did after its commit was left out when the client hung up.
    #[tokio::test]
    async fn a_change_is_finished_when_its_client_is_gone() {
        let steps = Arc::new([Notify::new(), Notify::new(), Notify::new()]);
        let told = Arc::clone(&steps);
        let handler = move || async move {
            told[0].notify_one();
            told[1].notified().await;
            told[2].notify_one();
        };
        let router = Router::new().route("/", post(handler)).layer(middleware::from_fn(finish));
        let request = Request::post("/").body(Body::empty()).unwrap();
        let client = tokio::spawn(router.oneshot(request));
        steps[0].notified().await;
        client.abort();
        assert!(client.await.unwrap_err().is_cancelled());
        steps[1].notify_one();
        steps[2].notified().await;
    }
}
