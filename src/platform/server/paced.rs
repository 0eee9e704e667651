//! A connection whose reader must go on reading. What waits to be sent holds memory and a place,
//! so whoever takes nothing, or drops of it, is let go.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// Whoever lets the box wait must take this many bytes within this time, or all there is: a phone
/// at the edge of the Wi-Fi does, somebody who holds a place does not.
const ENOUGH: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(30);

/// A stream that ends with an error when its other end does not read.
pub struct Paced<T> {
    stream: T,
    patience: Duration,
    waits: Option<Wait>,
}

/// Something waits to be sent.
struct Wait {
    end: Pin<Box<Sleep>>,
    taken: usize,
}

impl<T> Paced<T> {
    pub fn new(stream: T) -> Self {
        Self { stream, patience: PATIENCE, waits: None }
    }

    /// What it paces.
    pub fn stream(&self) -> &T {
        &self.stream
    }

    /// The other end took some.
    fn taken(&mut self, count: usize) {
        if let Some(wait) = &mut self.waits {
            wait.taken += count;
            if wait.taken >= ENOUGH {
                self.waits = None;
            }
        }
    }

    /// The other end takes none for now.
    fn wait<R>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<R>> {
        let patience = self.patience;
        let new = || Wait { end: Box::pin(sleep(patience)), taken: 0 };
        let wait = self.waits.get_or_insert_with(new);
        ready!(wait.end.as_mut().poll(context));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the reader does not read")))
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Paced<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Paced<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Pending => self.wait(context),
            Poll::Ready(written) => {
                self.taken(*written.as_ref().unwrap_or(&0));
                Poll::Ready(written)
            }
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write_vectored(context, pieces) {
            Poll::Pending => self.wait(context),
            Poll::Ready(written) => {
                self.taken(*written.as_ref().unwrap_or(&0));
                Poll::Ready(written)
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Asked for once everything was written.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_flush(context) {
            Poll::Pending => self.wait(context),
            Poll::Ready(flushed) => {
                self.waits = None;
                Poll::Ready(flushed)
            }
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_shutdown(context) {
            Poll::Pending => self.wait(context),
            ended @ Poll::Ready(_) => ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    const SHORT: Duration = Duration::from_secs(1);
    const PIPE: usize = 8 * 1024;

    fn pair() -> (Paced<DuplexStream>, DuplexStream) {
        let (ours, theirs) = duplex(PIPE);
        (Paced { stream: ours, patience: SHORT, waits: None }, theirs)
    }

    /// N1: who reads nothing is let go, and so is who reads a few bytes now and then.
    #[tokio::test]
    async fn whoever_does_not_go_on_reading_is_let_go() {
        for drops in [0, 1] {
            let (mut ours, mut theirs) = pair();
            let reading = tokio::spawn(async move {
                let mut drop = [0];
                for _ in 0..10_000 {
                    sleep(Duration::from_millis(10)).await;
                    if drops > 0 {
                        let _ = theirs.read(&mut drop).await;
                    }
                }
            });
            let sent = ours.write_all(&vec![0; 10 * ENOUGH]).await;
            assert_eq!(sent.unwrap_err().kind(), io::ErrorKind::TimedOut, "{drops}");
            reading.abort();
        }
    }

    #[tokio::test]
    async fn a_slow_reader_gets_all_of_it() {
        let (mut ours, mut theirs) = pair();
        let reading = tokio::spawn(async move {
            let mut all = 0;
            let mut some = vec![0; PIPE];
            while let Ok(count @ 1..) = theirs.read(&mut some).await {
                all += count;
                sleep(Duration::from_millis(5)).await;
            }
            all
        });
        for _ in 0..2 {
            ours.write_all(&vec![0; 10 * ENOUGH]).await.unwrap();
            ours.flush().await.unwrap();
            // Silence between two replies is no slowness.
            sleep(2 * SHORT).await;
        }
        drop(ours);
        assert_eq!(reading.await.unwrap(), 20 * ENOUGH);
    }
}
