//! Scales that say what lies on them, so that nobody types grams.

mod api;
mod feature;
mod reading;
mod serial;
mod store;
mod wire;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::Quantity;
use crate::core::kernel::fields::{Label, Name};

pub use feature::feature;

crate::words! {
    /// How a scale is spoken to.
    pub enum ScaleProtocol as ScaleProtocol {
        /// CAS: PD-II type 6, AP-1 and those that were made like them.
        Cas = "CAS",
        /// Massa-K, protocol 100.
        MassaK = "MASSA_K",
        /// Mettler Toledo, MT-SICS of level 0.
        Mettler = "METTLER",
    }
}

/// A scale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Scale {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// How it is spoken to.
    pub protocol: ScaleProtocol,
    /// Where it is, or the converter on its serial line: `192.168.1.60:4001`; on a serial line of the
    /// box `serial:` and that line's name.
    pub address: String,
}

/// A new scale.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ScaleCreate {
    /// What it is called; no two alike.
    pub name: Name,
    /// How it is spoken to.
    pub protocol: ScaleProtocol,
    /// Where it is, with its port: `192.168.1.60:4001`; or, as `GET /scales/lines` names it, a serial
    /// line of the box: `serial:usb-FTDI_FT232R_USB_UART_A10K-if00-port0`, with `@57600` behind it
    /// where it is not of 9600 baud.
    pub address: Label<1, 200>,
}

/// Changes to a scale; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ScaleUpdate {
    /// What it is called; no two alike.
    pub name: Option<Name>,
    /// How it is spoken to.
    pub protocol: Option<ScaleProtocol>,
    /// Where it is.
    pub address: Option<Label<1, 200>>,
}

/// The serial lines of the box.
#[derive(Debug, Serialize, ToSchema)]
pub struct SerialLines {
    /// Each as the `address` of a scale.
    pub lines: Vec<String>,
}

/// What lies on a scale, at rest.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScaleWeight {
    /// In kilograms, to the gram.
    pub quantity: Quantity,
}
