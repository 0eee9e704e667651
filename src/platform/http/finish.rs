//! A request that changes something is finished, also when its client hangs up; and a handler that
//! panics answers all the same.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::runtime::Handle;

use crate::core::error::Error;

/// Runs the handler of a request. One that changes something goes on in a task of its own when it is
/// let go: the server drops what it does for a client that is gone, and what follows a commit (who is
/// told, what is noted) would be left undone.
pub fn finish(request: Request, next: Next) -> impl Future<Output = Response> + Send {
    let is_change = !request.method().is_safe();
    Finish { handler: Some(Box::pin(next.run(request))), is_change }
}

type Handler = Pin<Box<dyn Future<Output = Response> + Send>>;

struct Finish {
    /// None when it has ended.
    handler: Option<Handler>,
    is_change: bool,
}

impl Future for Finish {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        let Some(handler) = &mut self.handler else { return Poll::Pending };
        let polled = catch_unwind(AssertUnwindSafe(|| handler.as_mut().poll(context)));
        let answered = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(response)) => response,
            Err(panic) => after_panic(panic.as_ref()),
        };
        self.handler = None;
        Poll::Ready(answered)
    }
}

impl Drop for Finish {
    fn drop(&mut self) {
        let left = self.handler.take().filter(|_| self.is_change);
        // Where the runtime ends, all ends.
        if let (Some(handler), Ok(runtime)) = (left, Handle::try_current()) {
            runtime.spawn(Self { handler: Some(handler), is_change: false });
        }
    }
}

fn after_panic(panic: &(dyn Any + Send)) -> Response {
    let text = panic.downcast_ref::<String>().map_or("", String::as_str);
    let text = panic.downcast_ref::<&str>().copied().unwrap_or(text);
    Error::internal(format!("a handler panicked: {text}")).into_response()
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
