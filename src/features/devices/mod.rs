//! Tablets that an admin paired with the box: a PIN alone is little, on a known tablet it is
//! enough. One that is lost is revoked.

mod api;
mod events;
mod feature;
mod rules;
mod store;

pub use events::{DeviceChange, DeviceChanged};
pub use feature::feature;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::kernel::fields::Label;
use crate::core::kernel::{Text, Timestamp};
use crate::platform::auth::KnownDevice;

/// What a tablet is called.
pub type DeviceName = Label<1, 50>;

/// A paired tablet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Device {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// When it was paired.
    pub created_at: Timestamp,
    /// When somebody last signed in on it; when it was paired, if nobody did.
    pub last_seen_at: Timestamp,
    /// Who is signed in on it now.
    pub signed_in: Vec<SignedIn>,
}

/// Somebody who is signed in on a device.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignedIn {
    /// Whose id.
    pub id: i64,
    /// His name.
    pub full_name: String,
}

/// One page of them.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceList {
    /// The page.
    pub devices: Vec<Device>,
    /// How many there are in all.
    pub total: i64,
}

/// Changes to a paired tablet.
#[derive(Debug, Deserialize, ToSchema)]
pub struct DeviceUpdate {
    /// What it is called; no two alike.
    pub name: DeviceName,
}

/// A code that pairs one tablet.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pairing {
    /// To type where a camera is missing.
    pub code: String,
    /// Where the tablet opens it.
    pub url: String,
    /// That address as a QR code, SVG.
    pub qr_svg: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
}

/// A tablet that wants to be known.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PairRequest {
    /// The code that an admin shows.
    pub code: Text<1, 40>,
    /// What the tablet is called; no two alike.
    pub name: DeviceName,
}

/// A tablet that is known from now on.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairedDevice {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// To send as `X-Device` with each sign-in; told only now.
    pub device_token: String,
}

/// What the box knows of the device that asks.
#[derive(Debug, Serialize, ToSchema)]
pub struct ThisDevice {
    /// Which it is; none when its `X-Device` is missing, unknown or cut off.
    pub device: Option<KnownDevice>,
    /// Whether a PIN signs in on it.
    pub pin_allowed: bool,
}
