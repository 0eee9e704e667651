//! Each role against each operation: the API document says who may, the box does what it says.

use reqwest::Method;
use serde_json::{Value, json};

use qres::platform::auth::Role;

use crate::harness::{Client, House};

const ROLES: [&str; 6] = ["admin", "manager", "waiter", "kitchen", "cashier", "host"];

/// One operation of the document.
struct Operation {
    method: Method,
    /// With an id of nothing in the place of each variable.
    path: String,
    who: Who,
}

enum Who {
    Anybody,
    Guests,
    Staff(Vec<String>),
}

impl Operation {
    fn is_write(&self) -> bool {
        self.method != Method::GET
    }

    /// Whoever did it, or to whom it was done, can try nothing more: it comes last.
    fn ends_sign_ins(&self) -> bool {
        ["/auth/logout", "/auth/sessions"].contains(&self.path.as_str())
    }
}

fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(qres::appliance::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        // A scrape token of its own opens the one, and the other ends everybody's sign-ins: their
        // tests stand with them.
        if path == "/metrics" || path == "/auth/sessions" {
            continue;
        }
        for (method, operation) in methods.as_object().unwrap() {
            let needs = operation["security"].as_array();
            let needs = needs.unwrap_or_else(|| panic!("{method} {path} does not say who may"));
            let who = match needs[0].as_object().unwrap().iter().next() {
                None => Who::Anybody,
                Some((scheme, _)) if scheme == "guest" => Who::Guests,
                Some((_, roles)) => {
                    let roles = roles.as_array().unwrap();
                    assert!(!roles.is_empty(), "{method} {path} names no role");
                    Who::Staff(roles.iter().map(|role| role.as_str().unwrap().to_owned()).collect())
                }
            };
            let path = path.split('/').map(|part| match part {
                "{department}" => "hot",
                "{kind}" => "sales",
                part if part.starts_with('{') => "999999",
                part => part,
            });
            let path = path.collect::<Vec<_>>().join("/");
            found.push(Operation { method: method.to_uppercase().parse().unwrap(), path, who });
        }
    }
    found.sort_by_key(Operation::ends_sign_ins);
    found
}

/// Tries an operation with a body that changes nothing.
async fn attempt(who: &Client, operation: &Operation) -> (u16, Value) {
    let mut request = who.request(operation.method.clone(), &operation.path);
    if operation.is_write() {
        request = request.json(&json!({"nothing": true}));
    }
    let reply = who.send(request).await;
    (reply.status.as_u16(), reply.json()["code"].clone())
}

#[tokio::test]
async fn every_operation_opens_to_those_whom_the_document_names() {
    let house = House::open().await;
    let staff = [
        house.app.admin().await,
        house.app.manager().await,
        house.app.waiter().await,
        house.app.kitchen().await,
        house.app.hired(Role::Cashier).await,
        house.app.hired(Role::Host).await,
    ];
    let (nobody, guest) = (house.app.anonymous(), house.guest(0).await);
    let mut wrong = Vec::new();
    for operation in operations() {
        let what = format!("{} {}", operation.method, operation.path);
        let mut check = |who: &str, (status, code): (u16, Value), is_right: bool| {
            if !is_right || status >= 500 && status != 503 {
                wrong.push(format!("{what} by {who}: {status} {code}"));
            }
        };
        let by_nobody = attempt(&nobody, &operation).await;
        let by_guest = attempt(&guest, &operation).await;
        let is_shut = by_nobody == (401, json!("no_token"));
        match &operation.who {
            Who::Anybody => check("nobody", by_nobody, !is_shut),
            Who::Guests => {
                check("nobody", by_nobody, is_shut);
                let is_let_in = by_guest.0 != 401 && by_guest.0 != 403;
                check("a guest", by_guest, is_let_in);
                for (role, person) in ROLES.iter().zip(&staff) {
                    let tried = attempt(person, &operation).await;
                    let is_right = tried.0 == 401;
                    check(role, tried, is_right);
                }
            }
            Who::Staff(may) => {
                check("nobody", by_nobody, is_shut);
                let is_shut = by_guest == (401, json!("bad_token"));
                check("a guest", by_guest, is_shut);
                for (role, person) in ROLES.iter().zip(&staff) {
                    let anew = if operation.ends_sign_ins() {
                        Some(house.app.signed_in(role).await)
                    } else {
                        None
                    };
                    let tried = attempt(anew.as_ref().unwrap_or(person), &operation).await;
                    let is_refused = tried == (403, json!("wrong_role"));
                    let may = may.iter().any(|one| one == role);
                    let is_right = if may { !is_refused && tried.0 != 401 } else { is_refused };
                    check(role, tried, is_right);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ from the document:\n{}", wrong.len(), wrong.join("\n"));
}

/// What the restaurant is made of is the admin's to change, whatever the document says.
#[test]
fn the_document_gives_nobody_too_much() {
    let of_admins = [
        "/users",
        "/locations",
        "/tables",
        "/categories",
        "/dishes",
        "/ingredients",
        "/payment-methods",
        "/restaurant",
        "/devices",
        "/security",
        "/box",
        "/cloud",
        "/import",
        "/printers",
        "/scales",
        "/cash/drawers",
        "/fiscal/devices",
        "/fiscal/cashiers",
        "/pay/providers",
    ];
    // Oneself's password and sessions, what ran out, who sits where and is shown the bill, what waiters
    // told, what became of a payment of which nobody knew, what lies on a scale, the accounts, guests, the stock and
    // the book that managers keep (with photos of invoices),
    // of what there is too much, what the fiscal register is asked to print, and whether a provider's list is in the books.
    let shared = [
        "/password",
        "/availability",
        "/status",
        "/phones/show",
        "/sessions",
        "/second-factor",
        "-sync",
        "/approvals",
        "/printed",
        "/clear",
        "/weight",
        "/house-accounts",
        "/gift-cards",
        "/customers",
        "/loyalty/accounts",
        "/stock/",
        "/suppliers",
        "/uploads",
        "/stop-list",
        "/reservations",
        "/close-shift",
        "/x-report",
        "/continue-print",
        "/copy",
        "/compare",
        "/surplus",
    ];
    // Who may do what there is asked of the permissions, which managers have too; slips are anybody's
    // who reads them.
    let of_bill = [
        "/orders/999999",
        "/checks/",
        "/payments/",
        "/kitchen/orders/999999/send",
        "/cash/shifts",
        "/print-jobs/",
        "/fiscal/documents/",
        "/pay/attempts",
        "/pay/refunds/",
    ];
    let mut writes = 0;
    for operation in operations().iter().filter(|operation| operation.is_write()) {
        let Who::Staff(may) = &operation.who else { continue };
        writes += 1;
        let path = &operation.path;
        let is_shared = shared.iter().any(|part| path.contains(part));
        if of_admins.iter().any(|start| path.starts_with(start)) && !is_shared {
            assert_eq!(may, &["admin"], "{} {path}", operation.method);
        }
        let is_order =
            path.starts_with("/orders") && !path.contains("/status") && !path.contains("/items/");
        assert!(!is_order || !may.contains(&"kitchen".to_owned()), "{} {path}", operation.method);
        let is_bill = of_bill.iter().any(|start| path.starts_with(start));
        assert!(
            !may.contains(&"manager".to_owned())
                || is_shared
                || is_bill
                || path.starts_with("/auth/"),
            "{} {path}: managers read",
            operation.method
        );
    }
    assert!(writes > 60, "the operations were not found");
}
