//! What a box is made of. A new feature is a folder and a line here.

use crate::features::{
    account, backup, calls, cash, cloud, customers, devices, feed, fiscal, floor, guests, home,
    house_accounts, import, kitchen, loyalty, menu, orders, pay, payments, permissions, prices,
    printing, reasons, reports, reservations, restaurant, scales, setup, staff, stock, suggestions,
    taxes, tips, update, uploads, visits,
};
use crate::platform::app::App;
use crate::platform::config::Settings;
use crate::platform::feature::Feature;
use crate::platform::{audit, auth, jobs, observe, security, tls};

/// All that a box is made of, in the order in which the API document shows it and they start.
pub(super) fn all(settings: &Settings) -> Vec<Feature<App>> {
    vec![
        observe::feature(),
        restaurant::feature(),
        auth::feature(),
        account::feature(),
        devices::feature(),
        staff::feature(),
        permissions::feature(),
        reasons::feature(),
        taxes::feature(),
        payments::feature(),
        house_accounts::feature(),
        cash::feature(),
        floor::feature(),
        prices::feature(),
        menu::feature(),
        printing::feature(),
        fiscal::feature(),
        scales::feature(),
        orders::feature(),
        stock::feature(),
        kitchen::feature(),
        guests::feature(),
        visits::feature(),
        calls::feature(),
        pay::feature(settings),
        tips::feature(),
        reservations::feature(),
        reports::feature(),
        cloud::feature(),
        setup::feature(),
        tls::feature(),
        home::feature(),
        backup::feature(),
        customers::feature(),
        loyalty::feature(),
        suggestions::feature(),
        update::feature(),
        uploads::feature(settings),
        import::feature(),
        security::feature(),
        audit::feature(),
        jobs::feature(),
        feed::feature(),
    ]
}
