//! A fiscal register of ATOL with its web server, as far as a till sees them: the protocol, the
//! queue, the documents, and everything that goes wrong. docs/FISCAL.md says what it was written from.

mod api;
mod clock;
mod decimal;
mod faults;
mod machine;
mod paper;
mod queue;
mod refusal;
mod register;
mod rules;
mod server;
mod setup;
mod store;
mod task;
#[cfg(test)]
mod tests;
mod words;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpListener;

pub use self::faults::{Fault, FaultKind};
pub use self::setup::{Account, Ffd, Setup};

use self::machine::Machine;
use self::register::Register;
use self::server::Server;
use self::store::Store;

/// Where ATOL's server listens.
pub const PORT: u16 = 16732;

/// A simulator that is ready to serve.
pub struct Simulator {
    server: Arc<Server>,
    listener: TcpListener,
    address: SocketAddr,
}

/// Why a simulator does not start.
#[derive(Debug)]
pub enum StartError {
    /// Its folder cannot be used.
    Folder(String),
    /// Its address cannot.
    Address(std::io::Error),
}

impl Simulator {
    /// Opens its memory (in a folder, or one that ends with it) and takes its address.
    ///
    /// # Errors
    /// When either cannot be had.
    pub async fn open(
        setup: Setup,
        folder: Option<&Path>,
        listen: SocketAddr,
    ) -> Result<Self, StartError> {
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder)
                .map_err(|error| StartError::Folder(error.to_string()))?;
        }
        let store = Store::open(folder).map_err(|error| StartError::Folder(error.to_string()))?;
        let machine = Register::new(store, setup).and_then(Machine::new);
        let machine = machine.map_err(|refusal| StartError::Folder(refusal.description.into()))?;
        let listener = TcpListener::bind(listen).await.map_err(StartError::Address)?;
        let address = listener.local_addr().map_err(StartError::Address)?;
        Ok(Self { server: Server::new(machine), listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets something go wrong.
    pub fn arm(&self, fault: Fault) {
        self.server.machine().faults.arm(fault);
    }

    /// Serves until it is dropped.
    ///
    /// # Errors
    /// When its address cannot be listened on any more.
    pub async fn serve(self) -> std::io::Result<()> {
        let worker = Arc::clone(&self.server);
        tokio::select! {
            () = async move { worker.work().await } => Ok(()),
            served = api::serve(self.server, self.listener) => served,
        }
    }
}
