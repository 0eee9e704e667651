//! A body that comes in drops keeps a handler waiting: it has its time, like a request's head.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

use super::Class;

/// The longest that a body may take; of a file that is sent, the longest between two of its pieces.
const PATIENCE: Duration = Duration::from_secs(30);

/// A body that ends with an error when its time is over.
struct Timed {
    body: Body,
    end: Pin<Box<Sleep>>,
    patience: Duration,
    /// Whether each piece gets new time.
    by_piece: bool,
}

/// Gives a body its time.
pub fn timed(body: Body, class: Class) -> Body {
    within(PATIENCE, body, class == Class::Upload)
}

fn within(patience: Duration, body: Body, by_piece: bool) -> Body {
    if body.is_end_stream() {
        return body;
    }
    Body::new(Timed { body, end: Box::pin(sleep(patience)), patience, by_piece })
}

impl HttpBody for Timed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                if self.by_piece {
                    let end = Instant::now() + self.patience;
                    self.end.as_mut().reset(end);
                }
                Poll::Ready(frame)
            }
            Poll::Pending => self.end.as_mut().poll(context).map(|()| {
                let why = "the body took too long";
                Some(Err(axum::Error::new(std::io::Error::other(why))))
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::{StreamExt, stream};
    use http_body_util::BodyExt;

    /// A body of `pieces`, one every `pause`.
    fn slow(pieces: usize, pause: Duration) -> Body {
        let pieces = stream::iter(0..pieces).then(move |_| async move {
            sleep(pause).await;
            Ok::<_, std::io::Error>(Bytes::from_static(b"x"))
        });
        Body::from_stream(pieces)
    }

    #[tokio::test]
    async fn drops_run_out_of_time_and_files_do_not() {
        let (patience, pause) = (Duration::from_millis(300), Duration::from_millis(60));
        assert!(within(patience, slow(50, pause), false).collect().await.is_err());
        let file = within(patience, slow(10, pause), true).collect().await;
        assert_eq!(file.map(|file| file.to_bytes().len()).ok(), Some(10));
        let silent = Duration::from_secs(10);
        assert!(within(patience, slow(1, silent), true).collect().await.is_err());
        assert!(within(silent, slow(3, pause), false).collect().await.is_ok());
    }
}
