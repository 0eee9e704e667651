//! What kind of route a request asks for. The rules for plain HTTP, for sizes (and for rates) are
//! written per kind.

use axum::http::Method;

/// A kind of route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Pages for guests and visitors, and files of the web apps.
    Page,
    /// A page for staff.
    StaffPage,
    /// What anybody may read: the menu, the health, how to trust the box.
    Open,
    /// A guest reads.
    GuestRead,
    /// A guest writes.
    GuestWrite,
    /// A secret is tried: passwords, PINs, codes.
    SignIn,
    /// The live feed, of staff and of guests.
    Live,
    /// Pictures and files that staff sends.
    Upload,
    /// A printer asks for its work, over plain HTTP as they do.
    Printer,
    /// Everything else.
    Staff,
}

/// What anybody may read.
const OPEN: [&str; 12] = [
    "/health",
    "/health/ready",
    "/restaurant",
    "/dishes/menu",
    "/openapi.json",
    "/ca.crt",
    "/home",
    "/home/{place}/qr.svg",
    "/trust/state",
    "/trust/qr.svg",
    "/tables/qr-sheet.css",
    "/setup/state",
];

impl Class {
    /// The class of a request. `route` is the template of the API's route; a request without one
    /// is for a page or a file. A route that is not named here is for staff: a new one is never
    /// open by mistake.
    pub fn of(method: &Method, route: Option<&str>, path: &str) -> Self {
        let is_read = matches!(*method, Method::GET | Method::HEAD);
        let Some(route) = route else {
            let is_for_staff = path.starts_with("/app/") || path == "/setup";
            return if is_for_staff { Self::StaffPage } else { Self::Page };
        };
        match route {
            "/ws/orders" => Self::Live,
            "/menu" | "/menu/{qr_code}" => Self::Page,
            "/setup" if is_read => Self::StaffPage,
            "/auth/login" | "/auth/login/pin" | "/devices/pair" | "/setup" => Self::SignIn,
            _ if route.starts_with("/guest/") && is_read => Self::GuestRead,
            _ if route.starts_with("/guest/") => Self::GuestWrite,
            _ if route.starts_with("/reserve/") && is_read => Self::GuestRead,
            _ if route.starts_with("/reserve/") => Self::GuestWrite,
            _ if is_read && (OPEN.contains(&route) || route.starts_with("/uploads/")) => Self::Open,
            _ if route.starts_with("/print/") => Self::Printer,
            "/uploads" | "/box/backups/upload" => Self::Upload,
            _ if route.starts_with("/import") => Self::Upload,
            _ => Self::Staff,
        }
    }

    /// Whether only a phone that sits at a table comes so far as to be told that something is not
    /// there. What it may ask for it has a budget of its own.
    pub fn is_of_seated(route: Option<&str>) -> bool {
        route.is_some_and(|route| route.starts_with("/guest/") && route != "/guest/session")
    }

    /// Whether it is for staff alone, and so must not be read by guests on the same Wi-Fi. The
    /// live feed is refused by its token.
    pub fn is_for_staff(self) -> bool {
        matches!(self, Self::StaffPage | Self::SignIn | Self::Upload | Self::Staff)
    }

    /// The largest body in bytes; `most` is the setting for all. Routes that take in files have
    /// limits of their own.
    pub fn largest_body(self, most: usize) -> usize {
        let largest = match self {
            Self::Page | Self::StaffPage | Self::Open | Self::GuestRead | Self::Live => 1024,
            Self::SignIn | Self::Printer => 16 * 1024,
            Self::GuestWrite => 64 * 1024,
            Self::Staff => 1024 * 1024,
            Self::Upload => return usize::MAX,
        };
        largest.min(most)
    }

    /// Whether a reply tells of somebody, so that no cache may keep it.
    pub fn is_private(self) -> bool {
        matches!(
            self,
            Self::GuestRead | Self::GuestWrite | Self::SignIn | Self::Printer | Self::Staff
        )
    }
}
