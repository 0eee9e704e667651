//! A wire between the box and the cloud that breaks: after so many bytes, or that says nothing.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

pub struct Wire {
    pub port: u16,
    /// How often it broke.
    pub cuts: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

/// Numbers that look random and are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 0 to `below` - 1.
    pub fn roll(&mut self, below: u64) -> u64 {
        // xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators".
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % below
    }
}

impl Wire {
    /// Each connection breaks after a number of bytes below `most`, counted over both ways.
    pub async fn breaking(to: u16, most: u64, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let cuts = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&cuts);
        let task = tokio::spawn(async move {
            let mut dice = Dice::new(seed);
            while let Ok((near, _)) = listener.accept().await {
                // Some room for the handshake, so that work is cut and not only greetings.
                let budget = Arc::new(AtomicU64::new(40_000 + dice.roll(most)));
                let cuts = Arc::clone(&counted);
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(("127.0.0.1", to)).await else { return };
                    let ((near_in, near_out), (far_in, far_out)) =
                        (near.into_split(), far.into_split());
                    tokio::select! {
                        () = pour(near_in, far_out, &budget) => {}
                        () = pour(far_in, near_out, &budget) => {}
                    }
                    cuts.fetch_add(1, Ordering::Relaxed);
                });
            }
        });
        Self { port, cuts, task }
    }

    /// Notes what the box says, connection by connection.
    pub async fn recording(to: u16) -> (Self, Arc<Mutex<Vec<Vec<u8>>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let said: Arc<Mutex<Vec<Vec<u8>>>> = Arc::default();
        let noted = Arc::clone(&said);
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let number = {
                    let mut said = noted.lock().unwrap();
                    said.push(Vec::new());
                    said.len() - 1
                };
                let noted = Arc::clone(&noted);
                tokio::spawn(async move {
                    let Ok(far) = TcpStream::connect(("127.0.0.1", to)).await else { return };
                    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) =
                        (near.into_split(), far.into_split());
                    let listen = async {
                        let mut bytes = [0; 4096];
                        while let Ok(read @ 1..) = near_in.read(&mut bytes).await {
                            noted.lock().unwrap()[number].extend_from_slice(&bytes[..read]);
                            if far_out.write_all(&bytes[..read]).await.is_err() {
                                return;
                            }
                        }
                    };
                    tokio::select! {
                        () = listen => {}
                        _ = tokio::io::copy(&mut far_in, &mut near_out) => {}
                    }
                });
            }
        });
        (Self { port, cuts: Arc::default(), task }, said)
    }

    /// Takes connections and never says a word.
    pub async fn silent() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let task = tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((near, _)) = listener.accept().await {
                held.push(near);
                assert!(held.len() < 100, "the box knocks without a pause");
            }
        });
        Self { port, cuts: Arc::default(), task }
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pour(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    budget: &AtomicU64,
) {
    let mut bytes = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        let left = budget.load(Ordering::Relaxed);
        let sent = read.min(usize::try_from(left).unwrap());
        budget.store(left - sent as u64, Ordering::Relaxed);
        if to.write_all(&bytes[..sent]).await.is_err() || sent < read {
            return;
        }
    }
}
