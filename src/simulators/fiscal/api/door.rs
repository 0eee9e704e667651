//! Where connections come in: the door may be shut for a while, and a line may be cut.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::simulators::fiscal::faults::FaultKind;
use crate::simulators::fiscal::server::Server;

/// How long a listener rests that cannot accept, or cannot have its address back.
const RESTS: Duration = Duration::from_millis(50);

/// The listener, which may be away.
pub(super) struct Door {
    listener: Option<TcpListener>,
    address: SocketAddr,
    server: Arc<Server>,
}

impl Door {
    pub(super) fn new(listener: TcpListener, server: Arc<Server>) -> io::Result<Self> {
        Ok(Self { address: listener.local_addr()?, listener: Some(listener), server })
    }

    /// The next connection: of the same listener, or of one anew at the same address.
    async fn next(&mut self) -> io::Result<(TcpStream, SocketAddr)> {
        let listener = match self.listener.take() {
            Some(listener) => listener,
            None => TcpListener::bind(self.address).await?,
        };
        TcpListener::accept(self.listener.insert(listener)).await
    }
}

impl Listener for Door {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Stream, SocketAddr) {
        loop {
            let Ok((stream, from)) = self.next().await else {
                tokio::time::sleep(RESTS).await;
                continue;
            };
            let refuses = self.server.machine().faults.draw(FaultKind::Refuses);
            let Some(refuses) = refuses else {
                return (Stream { stream, line: Line::default() }, from);
            };
            // Whoever comes now meets nobody.
            drop((stream, self.listener.take()));
            tokio::time::sleep(refuses.pause()).await;
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// Cuts a connection.
#[derive(Clone, Default)]
pub(super) struct Line(Arc<AtomicBool>);

impl Line {
    /// From now on nothing comes through.
    pub(super) fn cut(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn check(&self) -> io::Result<()> {
        if self.0.load(Ordering::Acquire) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl Connected<IncomingStream<'_, Door>> for Line {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().line.clone()
    }
}

/// A connection that may be cut.
pub(super) struct Stream {
    stream: TcpStream,
    line: Line,
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.line.check()?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.line.check()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.line.check()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
